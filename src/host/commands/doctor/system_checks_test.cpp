#include "host/commands/doctor/checks.h"
#include "host/commands/doctor/fake_machine_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace simws::host {
namespace {

using ::testing::HasSubstr;

class SystemChecks : public ::testing::Test {
 protected:
  Finding ask(Check check) { return check({machine_, 9000, false}); }

  FakeMachine machine_;
};

TEST_F(SystemChecks, AllIsWellOnAGoodMachine) {
  for (const Check check : {check_descriptors, check_memory, check_io_uring, check_processors,
                            check_scheduler, check_clock, check_random}) {
    EXPECT_EQ(ask(check).verdict, Verdict::ok) << ask(check).name;
    EXPECT_NE(ask(check).text, "") << ask(check).name;
  }
}

TEST_F(SystemChecks, FewDescriptorsAreFewConnections) {
  machine_.descriptors = 1024;
  EXPECT_EQ(ask(check_descriptors).verdict, Verdict::note);
  EXPECT_THAT(ask(check_descriptors).text, HasSubstr("974 connections"));
  EXPECT_THAT(ask(check_descriptors).advice, HasSubstr("LimitNOFILE=65536"));
  machine_.descriptors = 20;
  EXPECT_EQ(ask(check_descriptors).verdict, Verdict::problem);
  EXPECT_THAT(ask(check_descriptors).text, HasSubstr("some 0 connections"));
}

TEST_F(SystemChecks, TheLeastLimitOfAllGroupsCounts) {
  machine_.files = {{"/proc/self/cgroup", "0::/a.slice/b.service\n"},
                    {"/sys/fs/cgroup/a.slice/b.service/memory.max", "max\n"},
                    {"/sys/fs/cgroup/a.slice/memory.max", "134217728\n"},
                    {"/sys/fs/cgroup/memory.max", "8589934592\n"}};
  EXPECT_EQ(ask(check_memory).verdict, Verdict::note);
  EXPECT_THAT(ask(check_memory).text, HasSubstr("128 MiB"));
  machine_.files["/sys/fs/cgroup/a.slice/memory.max"] = "max\n";
  EXPECT_EQ(ask(check_memory).verdict, Verdict::ok);
  EXPECT_THAT(ask(check_memory).text, HasSubstr("8192 MiB"));
}

TEST_F(SystemChecks, NoLimitIsNoneInOlderControlGroups) {
  machine_.files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "9223372036854771712\n";
  EXPECT_EQ(ask(check_memory).text, "none");
}

TEST_F(SystemChecks, SaysWhyThereIsNoRing) {
  const auto with = [&](int error, const std::string& disabled) {
    machine_.ring = error;
    machine_.files = {{"/proc/sys/kernel/io_uring_disabled", disabled}};
    return ask(check_io_uring);
  };
  for (const int error : {ENOSYS, EPERM, ENOMEM}) {
    EXPECT_EQ(with(error, "0").verdict, Verdict::note);
    EXPECT_THAT(with(error, "0").text, HasSubstr("only costs speed"));
  }
  EXPECT_THAT(with(EPERM, "2\n").text, HasSubstr("kernel.io_uring_disabled = 2"));
  EXPECT_THAT(with(EPERM, "2\n").advice, HasSubstr("sudo sysctl kernel.io_uring_disabled=0"));
  EXPECT_THAT(with(EPERM, "0\n").text, HasSubstr("seccomp"));
  EXPECT_THAT(with(ENOSYS, "").text, HasSubstr("kernel has none"));
}

TEST_F(SystemChecks, OneProcessorIsNoted) {
  machine_.cores = 1;
  EXPECT_EQ(ask(check_processors).verdict, Verdict::note);
}

TEST_F(SystemChecks, SlowGovernorsAreNoted) {
  machine_.files["/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"] = "powersave\n";
  EXPECT_EQ(ask(check_processors).verdict, Verdict::note);
  EXPECT_THAT(ask(check_processors).advice, HasSubstr("cpupower frequency-set"));
}

TEST_F(SystemChecks, KnowsWhichKernelsGiveShortTurns) {
  for (const auto& [release, is_recent] :
       {std::pair("6.12.0", true), std::pair("7.0-rc1", true), std::pair("6.1.0-13-amd64", false),
        std::pair("5.15.0", false), std::pair("", false)}) {
    machine_.release = release;
    EXPECT_EQ(ask(check_scheduler).advice.empty(), is_recent) << release;
    EXPECT_EQ(ask(check_scheduler).verdict, Verdict::ok);
  }
}

TEST_F(SystemChecks, SlowClocksAreNoted) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0/";
  for (const char* const source : {"tsc", "kvm-clock", "arch_sys_counter"}) {
    machine_.files[folder + "current_clocksource"] = source;
    EXPECT_EQ(ask(check_clock).verdict, Verdict::ok) << source;
  }
  machine_.files = {{folder + "current_clocksource", "hpet\n"},
                    {folder + "available_clocksource", "tsc hpet acpi_pm\n"}};
  EXPECT_EQ(ask(check_clock).verdict, Verdict::note);
  EXPECT_THAT(ask(check_clock).advice, HasSubstr("available are tsc hpet acpi_pm"));
}

TEST_F(SystemChecks, LittleEntropyIsNoted) {
  machine_.files["/proc/sys/kernel/random/entropy_avail"] = "12\n";
  EXPECT_EQ(ask(check_random).verdict, Verdict::note);
  machine_.files["/proc/sys/kernel/random/entropy_avail"] = "256\n";
  EXPECT_EQ(ask(check_random).verdict, Verdict::ok);
}

}  // namespace
}  // namespace simws::host
