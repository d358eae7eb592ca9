#include "coppelia/core.h"

namespace bench {

Core& core() {
  static Core one;
  return one;
}

namespace {

Stack& at(int stack) {
  return core().stacks[static_cast<std::size_t>(stack)];
}

}  // namespace

}  // namespace bench

using bench::at;
using bench::core;

extern "C" {

int simAddLog(const char*, int, const char*) {
  return 1;
}
int simSetLastError(const char*, const char* message) {
  core().last_error = message;
  return 1;
}
char* simGetLastError() {
  return nullptr;
}
int simReleaseBuffer(const void* buffer) {
  delete[] static_cast<const char*>(buffer);
  return 1;
}
int simGetInt32Param(int parameter, int* value) {
  constexpr int version = 39;
  *value = parameter == version ? 4090006 : 2;
  return 1;
}
char* simGetNamedStringParam(const char*, int*) {
  return nullptr;
}
int simSetNamedStringParam(const char*, const char*, int) {
  return 1;
}
int simGetScriptInt32Param(int, int, int* value) {
  constexpr int simulation_script = 1;
  *value = simulation_script;
  return 1;
}
int simRegisterScriptCallbackFunction(const char* name, const char*,
                                      bench::ScriptFunction function) {
  core().registered[name] = function;
  return 1;
}
int simRegisterScriptVariable(const char*, const char*, int) {
  return 1;
}
int simCallScriptFunctionEx(int, const char*, int stack) {
  core().on_call(at(stack));
  return 0;
}

int simCreateStack() {
  const int stack = core().take_stack();
  at(stack).clear();
  return stack;
}
int simReleaseStack(int) {
  core().give_stack_back();
  return 1;
}
int simGetStackSize(int stack) {
  return static_cast<int>(at(stack).size());
}
int simPopStackItem(int stack, int count) {
  at(stack).pop(static_cast<std::size_t>(count));
  return 1;
}
int simMoveStackItemToTop(int stack, int index) {
  at(stack).move_to_top(static_cast<std::size_t>(index));
  return 1;
}
int simGetStackItemType(int stack, int) {
  return at(stack).top().type;
}
int simGetStackBoolValue(int stack, bool* value) {
  *value = at(stack).top().integer != 0;
  return 1;
}
int simGetStackInt64Value(int stack, long long* value) {
  *value = at(stack).top().integer;
  return 1;
}
int simGetStackDoubleValue(int stack, double* value) {
  *value = at(stack).top().real;
  return 1;
}
char* simGetStackStringValue(int stack, int* size) {
  const std::string_view text = at(stack).top().text();
  char* const copy = new char[text.size() + 1];
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  *size = static_cast<int>(text.size());
  return copy;
}
int simGetStackTableInfo(int, int) {
  return 0;
}
int simUnfoldStackTable(int stack) {
  at(stack).pop(1);
  return 1;
}
int simPushNullOntoStack(int stack) {
  at(stack).push(0);
  return 1;
}
int simPushBoolOntoStack(int stack, bool value) {
  at(stack).push(2).integer = value;
  return 1;
}
int simPushInt64OntoStack(int stack, long long value) {
  at(stack).push(9).integer = value;
  return 1;
}
int simPushDoubleOntoStack(int stack, double value) {
  at(stack).push(1).real = value;
  return 1;
}
int simPushStringOntoStack(int stack, const char* value, int size) {
  at(stack).push_text({value, static_cast<std::size_t>(size)});
  return 1;
}
int simPushTableOntoStack(int stack) {
  at(stack).push(4);
  return 1;
}
// The value of the map's key `port` is all that is asked for.
int simInsertDataIntoStackTable(int stack) {
  bench::Stack& held = at(stack);
  if (held[held.size() - 2].text() == "port") held[held.size() - 3].integer = held.top().integer;
  held.pop(2);
  return 1;
}
}
