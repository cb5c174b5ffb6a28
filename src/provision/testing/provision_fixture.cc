#include "provision/testing/provision_fixture.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "provision/checked_plan.h"

namespace omashu::provision {

LoadedDesired ProvisionFixture::load() const {
  const Source source{.file = "f", .schemas_dir = "", .strategy = strategy, .is_strict = is_strict};
  return load_desired(source, read_from(files)).value();
}

std::vector<std::string> ProvisionFixture::mistakes() const {
  std::vector<std::string> texts;
  for (const Mistake& mistake : load().mistakes) texts.push_back(mistake_text(mistake));
  return texts;
}

Desired ProvisionFixture::desired() const {
  LoadedDesired loaded = load();
  for (const Mistake& mistake : loaded.mistakes) ADD_FAILURE() << mistake_text(mistake);
  return std::move(loaded.desired);
}

Observed ProvisionFixture::observed() {
  auto observed = observe(desired(), admin, &registry, observe_options);
  if (!observed) ADD_FAILURE() << observed.error().message;
  return observed.value_or(Observed{});
}

Plan ProvisionFixture::plan() {
  auto checked = make_checked_plan(desired(), admin, registry, observe_options, plan_options, wait);
  if (!checked) ADD_FAILURE() << checked.error().message;
  return checked ? std::move(checked->plan) : Plan{};
}

std::vector<std::string> ProvisionFixture::violations() {
  std::vector<std::string> texts;
  for (const Mistake& mistake : plan().violations) texts.push_back(mistake_text(mistake));
  return texts;
}

ApplyReport ProvisionFixture::apply() {
  const Plan checked = plan();
  for (const Mistake& mistake : checked.violations) ADD_FAILURE() << mistake_text(mistake);
  return apply_plan(checked, admin, &registry);
}

std::string record(const std::string& full_name, const std::vector<std::string>& fields) {
  std::string list;
  for (const std::string& field : fields) {
    list += fmt::format("{}{{\"name\":\"{}\",\"type\":\"string\"}}", list.empty() ? "" : ",", field);
  }
  return fmt::format(R"({{"type":"record","name":"{}","fields":[{}]}})", full_name, list);
}

std::string record_of(const std::string& full_name, const std::string& type) {
  return fmt::format(R"({{"type":"record","name":"{}","fields":[{{"name":"it","type":"{}"}}]}})", full_name, type);
}

}  // namespace omashu::provision
