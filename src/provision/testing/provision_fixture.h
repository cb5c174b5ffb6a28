// A test's files and servers, and the steps from the one to the other.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "provision/apply.h"
#include "provision/desired.h"
#include "provision/observed.h"
#include "provision/plan.h"
#include "provision/testing/fake_servers.h"
#include "provision/wait.h"

namespace omashu::provision {

struct ProvisionFixture {
  FileTexts files = {};  // "f" is the list of topics
  FakeAdmin admin = {};
  FakeRegistry registry = {};
  serde::SubjectNameStrategy strategy = serde::SubjectNameStrategy::kTopicName;
  bool is_strict = false;
  PlanOptions plan_options = {};
  ObserveOptions observe_options = {};
  WaitBeforeRetry wait = [](int) { return false; };

  LoadedDesired load() const;
  std::vector<std::string> mistakes() const;  // of the files, as people see them

  // All of these fail the test where the files have mistakes.
  Desired desired() const;
  Observed observed();
  Plan plan();  // checked with the brokers
  std::vector<std::string> violations();
  ApplyReport apply();
};

// A record of string fields, compact: record("a.R", {"x"}).
std::string record(const std::string& full_name, const std::vector<std::string>& fields = {"id"});
// A record with one field of a named type.
std::string record_of(const std::string& full_name, const std::string& type);

}  // namespace omashu::provision
