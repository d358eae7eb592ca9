// A plugin for tests of the host itself: it says what it gets, and does what a plugin must not do.
#include "interface.h"

#include <dlfcn.h>

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <thread>

namespace {

using namespace simhost;

void* core = nullptr;

template <typename Result, typename... Arguments>
Result call(const char* name, Arguments... arguments) {
  return reinterpret_cast<Result (*)(Arguments...)>(dlsym(core, name))(arguments...);
}

void log(const std::string& line) {
  call<int>("simAddLog", "probe", 450, line.c_str());
}

int size_of(int stack) {
  return call<int>("simGetStackSize", stack);
}

void push(int stack, const std::string& text) {
  call<int>("simPushStringOntoStack", stack, text.c_str(), static_cast<int>(text.size()));
}

// The top item.
std::string text_of(int stack) {
  int size = 0;
  char* const bytes = call<char*>("simGetStackStringValue", stack, &size);
  if (!bytes) return "none of size " + std::to_string(size);
  std::string text(bytes, static_cast<std::size_t>(size));
  call<int>("simReleaseBuffer", static_cast<const char*>(bytes));
  return text;
}

std::string take_first(int stack) {
  call<int>("simMoveStackItemToTop", stack, 0);
  std::string text = text_of(stack);
  call<int>("simPopStackItem", stack, 1);
  return text;
}

// "type:string kind:int value:string or table size" of each argument.
void describe(ScriptCall* call_) {
  std::string all;
  while (size_of(call_->stack) > 0) {
    call<int>("simMoveStackItemToTop", call_->stack, 0);
    const int type = call<int>("simGetStackItemType", call_->stack, -1);
    int integer = -1;
    call<int>("simGetStackInt32Value", call_->stack, &integer);
    const int table = call<int>("simGetStackTableInfo", call_->stack, 0);
    const bool has_kinds = dlsym(core, "simGetStackStringType") != nullptr;
    const int kind = type == item_string && has_kinds
                         ? call<int>("simGetStackStringType", call_->stack, -1)
                         : -1;
    all += std::to_string(type) + ":" + std::to_string(kind) + ":" + std::to_string(integer) + ":" +
           (type == item_table ? std::to_string(table) : text_of(call_->stack)) + " ";
    call<int>("simPopStackItem", call_->stack, 1);
  }
  push(call_->stack, all);
}

// Leaves its arguments on the stack.
void echo(ScriptCall*) {}

void fail_twice(ScriptCall* call_) {
  call<int>("simPopStackItem", call_->stack, 0);
  call<int>("simSetLastError", static_cast<const char*>(nullptr), "the first");
  call<int>("simSetLastError", static_cast<const char*>(nullptr), "the last");
}

// (function, arguments…) -> what simCallScriptFunctionEx returns, and what the function does.
void call_back(ScriptCall* call_) {
  const std::string name = take_first(call_->stack);
  const int stack = call<int>("simCopyStack", call_->stack);
  const int result = call<int>("simCallScriptFunctionEx", call_->script, name.c_str(), stack);
  call<int>("simPopStackItem", call_->stack, 0);
  call<int>("simPushInt32OntoStack", call_->stack, result);
  call<int>("simPushInt32OntoStack", call_->stack, size_of(stack));
  call<int>("simReleaseStack", stack);
}

void push_buffer(ScriptCall* call_) {
  call<int>("simPopStackItem", call_->stack, 0);
  call<int>("simPushBufferOntoStack", call_->stack, "a\0b", 3);
}

const std::map<std::string, std::function<void(ScriptCall*)>> crimes = {
    {"leaks a stack", [](ScriptCall*) { call<int>("simCreateStack"); }},
    {"leaks a buffer",
     [](ScriptCall* call_) {
       push(call_->stack, "text");
       call<char*>("simGetStackStringValue", call_->stack, static_cast<int*>(nullptr));
     }},
    {"releases twice",
     [](ScriptCall*) {
       const int stack = call<int>("simCreateStack");
       call<int>("simReleaseStack", stack);
       call<int>("simReleaseStack", stack);
     }},
    {"uses an unknown stack", [](ScriptCall*) { size_of(4711); }},
    {"releases the call's stack",
     [](ScriptCall* call_) { call<int>("simReleaseStack", call_->stack); }},
    {"releases a foreign buffer",
     [](ScriptCall*) { call<int>("simReleaseBuffer", "not the core's"); }},
    {"reads an empty stack", [](ScriptCall* call_) { text_of(call_->stack); }},
    {"reads a wrong index",
     [](ScriptCall* call_) { call<int>("simGetStackItemType", call_->stack, 3); }},
    {"uses another thread",
     [](ScriptCall*) { std::thread([] { call<int>("simCreateStack"); }).join(); }},
    {"calls an unknown script",
     [](ScriptCall* call_) { call<int>("simCallScriptFunctionEx", 77, "f", call_->stack); }},
    {"registers too late",
     [](ScriptCall*) { call<int>("simRegisterScriptVariable", "late", "1", 0); }},
};

void misbehave(ScriptCall* call_) {
  crimes.at(take_first(call_->stack))(call_);
}

void add(const char* name, ScriptFunction function) {
  call<int>("simRegisterScriptCallbackFunction", name, static_cast<const char*>(nullptr), function);
}

}  // namespace

SIMHOST_EXPORT int simInit(PluginInfo* info) {
  core = dlopen(info->core_path, RTLD_LAZY);
  log(std::string("init ") + info->name);
  add("describe", describe);
  add("echo", echo);
  add("failTwice", fail_twice);
  add("callBack", call_back);
  add("pushBuffer", push_buffer);
  add("misbehave", misbehave);
  call<int>("simRegisterScriptVariable", "opcode", "{}", 0);
  call<int>("simRegisterScriptVariable", "opcode.text", "1", 0);
  return 1;
}

SIMHOST_EXPORT void simCleanup() {
  log("cleanup");
}

SIMHOST_EXPORT void simMsg(Message* message) {
  if (message->id == instance_pass || message->id == events) return;
  log("message " + std::to_string(message->id) + " " +
      (message->data ? std::to_string(message->data[0]) : "without data"));
}
