#include "host/commands/doctor/checks.h"
#include "host/commands/doctor/fake_machine_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simws::host {
namespace {

using ::testing::HasSubstr;

class ProgramChecks : public ::testing::Test {
 protected:
  Finding ask(Check check) { return check({machine_, 9000, false}); }
  Finding python(const std::string& output, bool has_half = true) {
    machine_.programs = {{"/usr/bin/python3 -c", {true, output}}};
    machine_.files.erase(machine_.python_half());
    if (has_half) machine_.files[machine_.python_half()] = "";
    return ask(check_python);
  }

  FakeMachine machine_;
};

TEST_F(ProgramChecks, PythonWorksWithOrWithoutTheModule) {
  EXPECT_EQ(python("3.11.2\nmodule\n").verdict, Verdict::ok);
  EXPECT_EQ(python("3.11.2\nmodule\n").text,
            "/usr/bin/python3, 3.11.2; simws run works with it, import simWS too");
  const Finding without = python("3.13.0\nModuleNotFoundError\n");
  EXPECT_EQ(without.verdict, Verdict::ok);
  EXPECT_THAT(without.text, HasSubstr("import simWS doesn't (ModuleNotFoundError)"));
  EXPECT_THAT(without.advice, HasSubstr("pip install ."));
}

TEST_F(ProgramChecks, NotesWhatPythonLacks) {
  EXPECT_EQ(ask(check_python).advice, "sudo apt-get install python3");
  EXPECT_THAT(python("3.9.2\n").text, HasSubstr("wants 3.11"));
  EXPECT_THAT(python("3.11.2\n", false).text, HasSubstr("built without Python"));
  machine_.programs = {{"/usr/bin/python3", {false, ""}}};
  EXPECT_THAT(ask(check_python).text, HasSubstr("which doesn't run; it failed, or took"));
  machine_.programs = {{"/usr/bin/python3", {false, "3.11.2\n"}}};
  EXPECT_THAT(ask(check_python).text, HasSubstr("3.11.2; it failed, or took longer"));
  EXPECT_EQ(ask(check_python).verdict, Verdict::note);
}

TEST_F(ProgramChecks, FindsTheSimulatorAndItsPlugin) {
  EXPECT_EQ(ask(check_coppeliasim).verdict, Verdict::ok);
  const std::string folder = "/home/me/CoppeliaSim_Edu_V4_9_0";
  machine_.files = {{folder + "/coppeliaSim.sh", ""},
                    {folder + "/libsimWS.so", ""},
                    {folder + "/lua/simWS.lua", "-- the simulator's own"}};
  EXPECT_EQ(ask(check_coppeliasim).verdict, Verdict::note);
  EXPECT_THAT(ask(check_coppeliasim).advice,
              HasSubstr("COPPELIASIM_ROOT_DIR='" + folder + "' cmake --install"));
  machine_.files[folder + "/lua/simWS.lua"] =
      "-- Generated from the table of functions by `simws coppeliasim-module`: don't edit.\n";
  EXPECT_EQ(ask(check_coppeliasim).verdict, Verdict::ok);
  EXPECT_EQ(ask(check_coppeliasim).text, "the plugin is in " + folder);
}

TEST_F(ProgramChecks, TakesTheSimulatorThatTheEnvironmentNames) {
  machine_.variables["COPPELIASIM_ROOT_DIR"] = "/srv/simulator";
  EXPECT_EQ(ask(check_coppeliasim).text, "/srv/simulator has no plugin of simWS");
}

TEST_F(ProgramChecks, LuaIsBuiltIn) {
  EXPECT_EQ(ask(check_lua).verdict, Verdict::ok);
}

TEST_F(ProgramChecks, AuthoritiesAreWhereSystemsKeepThem) {
  EXPECT_EQ(ask(check_authorities).advice, "sudo apt-get install ca-certificates");
  machine_.files["/etc/ssl/certs/ca-certificates.crt"] = "";
  EXPECT_EQ(ask(check_authorities).verdict, Verdict::ok);
  machine_.variables["SSL_CERT_FILE"] = "/nowhere.pem";
  EXPECT_EQ(ask(check_authorities).verdict, Verdict::note);
  EXPECT_EQ(ask(check_authorities).advice, "unset SSL_CERT_FILE");
}

TEST_F(ProgramChecks, LocalCertificatesAreMadeByNobodyHere) {
  const Finding finding = ask(check_local_certificates);
  EXPECT_EQ(finding.verdict, Verdict::ok);
  EXPECT_THAT(finding.text, HasSubstr("no certificates yet"));
}

TEST_F(ProgramChecks, LocalCertificatesEndAndAreTrusted) {
  const std::string authority = "/home/me/.config/simws/authority.pem";
  machine_.files[authority] = "certificate\n";
  EXPECT_THAT(ask(check_local_certificates).advice, HasSubstr("simws cert"));
  machine_.programs = {
      {"/usr/bin/openssl x509 -noout -enddate", {true, "notAfter=Nov 30 10:00:00 2027 GMT\n"}},
      {"/usr/bin/openssl x509 -noout -checkend", {true, ""}},
      {"/usr/bin/certutil -d sql:/home/me/.pki/nssdb -L -n simWS", {true, ""}}};
  machine_.files["/home/me/.pki/nssdb/cert9.db"] = "";
  EXPECT_EQ(ask(check_local_certificates).text,
            authority + ", valid until Nov 30 10:00:00 2027 GMT, trusted by Chromium");
  machine_.files["/usr/local/share/ca-certificates/simws.crt"] = "certificate\n";
  EXPECT_THAT(ask(check_local_certificates).text, HasSubstr("by Chromium and the system"));
  EXPECT_EQ(ask(check_local_certificates).advice, "");
  machine_.programs["/usr/bin/openssl x509 -noout -checkend"] = {false, ""};
  EXPECT_EQ(ask(check_local_certificates).verdict, Verdict::note);
  EXPECT_EQ(ask(check_local_certificates).advice, "simws cert --new");
}

}  // namespace
}  // namespace simws::host
