#include "script/python_text.h"

#include "script/arguments.h"
#include "script/describe.h"
#include "script/python_stubs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace simws::script {
namespace {

using testing::HasSubstr;
using testing::Not;

const FunctionRow& row(std::string_view name) {
  return *find_function(name);
}

TEST(PythonText, SentencesOfTheTableSpeakPython) {
  EXPECT_EQ(python_wording("nil, an empty string: nothing"), "None, an empty string: nothing");
  EXPECT_EQ(python_wording("vanillin stays"), "vanillin stays");
  EXPECT_EQ(python_wording("its opcode and `{fin=false}`."), "its opcode and `{'fin': False}`.");
  EXPECT_EQ(python_wording("`{method=, headers=}`"), "`{'method': , 'headers': }`");
  EXPECT_EQ(python_wording("`{Cookie = 'session=nil'}`"), "`{'Cookie': 'session=nil'}`");
  EXPECT_EQ(python_wording("`simWS.getServerInfo(server).port` tells"),
            "`simWS.getServerInfo(server)['port']` tells");
  EXPECT_EQ(python_wording("an unfinished `quote"), "an unfinished `quote`");
}

TEST(PythonText, SignaturesAreWhatPythonReads) {
  EXPECT_EQ(python_text_signature(row("send")),
            "(serverOrClientHandle, connectionHandle, data, opcode=None, options=None)");
  EXPECT_EQ(python_text_signature(row("fileno")), "()");
  EXPECT_EQ(python_synopsis(row("start")), "simWS.start(listenPort: int, options: dict = None)");
  EXPECT_EQ(python_signature(row("stop").parameters, row("stop").results),
            "(serverHandle: str) -> None");
}

TEST(PythonText, WhatIsEmptyByDefaultIsSoInPython) {
  const std::string doc = python_docstring(row("start"));
  EXPECT_THAT(doc, HasSubstr("options (dict, default None)"));
  EXPECT_THAT(doc, HasSubstr("origins (list[str], default [])"));
}

TEST(PythonText, LinesOfDocstringsAreShort) {
  for (const FunctionRow& function : functions()) {
    std::string_view rest;
    const std::string doc = python_docstring(function);
    for (rest = doc; !rest.empty();) {
      const auto end = rest.find('\n');
      EXPECT_LT(rest.substr(0, end).size(), 80u) << rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
}

TEST(PythonText, ErrorsSpeakPython) {
  std::array<Value, 3> values = {Value{}, Value{}, Value{true}};
  const auto checked = check_arguments(row("send"), 3, values, python_words());
  EXPECT_EQ(checked.error().message, "argument 1 (serverOrClientHandle): expected str, got None");
  EXPECT_EQ(checked.error().code, ErrorCode::invalid_type);
  EXPECT_EQ(describe(Value{true}, python_words()), "bool True");
  EXPECT_EQ(describe(data_value("x", DataKind::binary), python_words()), "bytes 'x'");
  EXPECT_EQ(describe(Value{Map{}}, python_words()), "dict");
}

TEST(PythonText, BytesAreNoText) {
  std::array<Value, 1> values = {data_value("s", DataKind::binary)};
  EXPECT_EQ(check_arguments(row("stop"), 1, values, python_words()).error().message,
            "argument 1 (serverHandle): expected str, got bytes 's'");
}

TEST(PythonStubs, EveryFunctionAndConstantHasTypes) {
  const std::string stubs = python_stubs();
  for (const FunctionRow& function : functions()) {
    EXPECT_THAT(stubs, HasSubstr("\ndef " + std::string(function.name) + "("));
  }
  for (const CallbackRow& callback : callbacks()) {
    std::string name(callback.name);
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    EXPECT_THAT(stubs, HasSubstr("callbackFn: _" + name + ")")) << "the function that sets it";
  }
  EXPECT_THAT(stubs, HasSubstr("sim_ws_opcode_text: Literal[opcode.text]"));
  EXPECT_THAT(stubs, HasSubstr("closeCode: Optional[int]"));
  EXPECT_THAT(stubs, Not(HasSubstr("nil")));
}

}  // namespace
}  // namespace simws::script
