#include "host/commands/doctor/doctor_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace simws::host {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

const std::vector<Finding> findings = {
    {"clock", Verdict::ok, "tsc", ""},
    {"port 80", Verdict::problem, "only privileged programs may listen there", "choose another"},
    {"proxy", Verdict::note, "one\x1b[2J \xff", ""}};

TEST(DoctorReport, IsATableWithWhatToDoBelow) {
  const std::string table = doctor_table(findings, {60, false, false});
  EXPECT_THAT(table, HasSubstr("ok       clock           tsc\n"));
  EXPECT_THAT(table, HasSubstr("problem  port 80         only privileged programs may listen\n"
                               "                         there\n"
                               "                         > choose another\n"));
  EXPECT_THAT(table, HasSubstr("one\\x1b[2J \\xff"));
  EXPECT_THAT(table, EndsWith("\n1 problem keeps simWS from working.\n"));
  EXPECT_THAT(doctor_table(std::vector<Finding>{findings[0]}, {}), HasSubstr("Nothing here keeps"));
}

TEST(DoctorReport, HasColoursWhereTheyAreWanted) {
  EXPECT_THAT(doctor_table(findings, {60, false, true}), HasSubstr("\033[31mproblem  \033[0m"));
}

TEST(DoctorReport, IsJsonForPrograms) {
  const std::string json = doctor_json(findings);
  EXPECT_THAT(json, HasSubstr("\"name\": \"port 80\""));
  EXPECT_THAT(json, HasSubstr("\"verdict\": \"problem\""));
  EXPECT_THAT(json, HasSubstr("\"problems\": 1"));
  EXPECT_THAT(json, HasSubstr("\"notes\": 1"));
  EXPECT_THAT(json, HasSubstr("one\\u001b[2J \xEF\xBF\xBD"));
}

}  // namespace
}  // namespace simws::host
