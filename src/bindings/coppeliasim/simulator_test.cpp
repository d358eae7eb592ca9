#include "bindings/coppeliasim/simulator.h"

#include "bindings/coppeliasim/fake_core_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace simws::coppeliasim {
namespace {

using testing::HasSubstr;

TEST(Simulator, ALibraryThatIsntThereIsNamed) {
  const auto library = Library::open("/nowhere/libcoppeliaSim.so");
  ASSERT_FALSE(library);
  EXPECT_THAT(library.error().message, HasSubstr("'/nowhere/libcoppeliaSim.so'"));
}

// Any library that isn't the simulator's lacks its functions.
TEST(Simulator, WhatIsMissingIsNamed) {
  const auto library = Library::open("libc.so.6");
  ASSERT_TRUE(library) << library.error().message;
  const auto found = find_simulator(*library);
  ASSERT_FALSE(found);
  const std::string& message = found.error().message;
  EXPECT_THAT(message, HasSubstr("needs CoppeliaSim 4.6 or newer"));
  EXPECT_THAT(message, HasSubstr("simCallScriptFunctionEx, simCreateStack"));
  EXPECT_THAT(message, Not(HasSubstr("simPushBufferOntoStack"))) << "newer versions only have it";
}

TEST(Simulator, CallsItselfAsTheWSPluginDid) {
  EXPECT_EQ(version_text(4090006), "4.9.0rev6");
  EXPECT_EQ(version_text(4060018), "4.6.0rev18");
  test::FakeCore core(4100005);
  EXPECT_EQ(user_agent(core.simulator()), "CoppeliaSim/4.10.0rev5 Linux");
}

TEST(Simulator, GivesBuffersFrom4_10On) {
  test::FakeCore old(4090006);
  EXPECT_FALSE(old.simulator().gives_buffers());
  Simulator simulator = old.simulator();
  simulator.version = 4100000;
  EXPECT_TRUE(simulator.gives_buffers());
  simulator.push_buffer_onto_stack = nullptr;
  EXPECT_FALSE(simulator.gives_buffers());
}

}  // namespace
}  // namespace simws::coppeliasim
