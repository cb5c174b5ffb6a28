#include "provision/saved_plan.h"

#include <fmt/core.h>

#include "provision/plan_json.h"

namespace omashu::provision {

namespace {

using json::Value;

constexpr std::string_view kKind = "saved_plan";

Value table_json(const std::map<std::string, std::string>& table) {
  Value object = Value::object();
  for (const auto& [name, value] : table) object.add(name, value);
  return object;
}

std::unexpected<Error> not_a_plan(std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("this is no saved plan of version {}: {}", kJsonVersion, what));
}

// Reads members and remembers the first that is missing or of another type.
class MemberReader {
 public:
  explicit MemberReader(const Value& object) : object_(object) {}

  std::string text(std::string_view name) {
    const Value* value = find(name, Value::Kind::kString);
    return value == nullptr ? "" : value->text();
  }

  bool boolean(std::string_view name) {
    const Value* value = find(name, Value::Kind::kBoolean);
    return value != nullptr && value->boolean();
  }

  std::map<std::string, std::string> table(std::string_view name) {
    std::map<std::string, std::string> out;
    const Value* value = find(name, Value::Kind::kObject);
    if (value == nullptr) return out;
    for (const json::Member& member : value->members()) {
      if (!member.value.is_string()) missing_ = name;
      out[member.name] = member.value.text();
    }
    return out;
  }

  Value array(std::string_view name) {
    const Value* value = find(name, Value::Kind::kArray);
    return value == nullptr ? Value() : *value;
  }

  const std::string& missing() const { return missing_; }

 private:
  const Value* find(std::string_view name, Value::Kind kind) {
    const Value* value = object_.find(name);
    if (value != nullptr && value->kind() == kind) return value;
    missing_ = name;
    return nullptr;
  }

  const Value& object_;
  std::string missing_;
};

}  // namespace

std::string to_text(const SavedPlan& saved) {
  Value object = Value::object();
  object.add("version", kJsonVersion);
  object.add("kind", kKind);
  object.add("file", saved.source.file);
  object.add("schemas_dir", saved.source.schemas_dir);
  object.add("subject_name_strategy", serde::subject_name_strategy_name(saved.source.strategy));
  object.add("allow_repartition", saved.plan_options.allow_repartition);
  object.add("allow_reassign", saved.plan_options.allow_reassign);
  object.add("prune", saved.plan_options.prune);
  object.add("may_be_empty", saved.plan_options.may_be_empty);
  object.add("prune_prefix", saved.observe_options.prune_prefix.value_or(""));
  object.add("actions", saved.actions);
  object.add("observed", table_json(saved.live_state));
  object.add("files", table_json(saved.files));
  return json::to_pretty_text(object) + "\n";
}

Result<SavedPlan> parse_saved_plan(std::string_view text) {
  const auto json = json::parse(text);
  if (!json) return fail(json.error());
  const Value* version = json->find("version");
  const Value* kind = json->find("kind");
  if (version == nullptr || version->as_int64() != kJsonVersion) return not_a_plan("its \"version\" says otherwise");
  if (kind == nullptr || !kind->is_string() || kind->text() != kKind) return not_a_plan("its \"kind\" says otherwise");
  MemberReader reader(*json);
  SavedPlan saved;
  saved.source.file = reader.text("file");
  saved.source.schemas_dir = reader.text("schemas_dir");
  const auto strategy = serde::parse_subject_name_strategy(reader.text("subject_name_strategy"));
  saved.plan_options.allow_repartition = reader.boolean("allow_repartition");
  saved.plan_options.prune = reader.boolean("prune");
  // Absent in plans of older builds.
  const Value* allow_reassign = json->find("allow_reassign");
  saved.plan_options.allow_reassign = allow_reassign != nullptr && allow_reassign->boolean();
  const Value* may_be_empty = json->find("may_be_empty");
  saved.plan_options.may_be_empty = may_be_empty != nullptr && may_be_empty->boolean();
  const std::string prefix = reader.text("prune_prefix");
  if (saved.plan_options.prune) saved.observe_options.prune_prefix = prefix;
  saved.actions = reader.array("actions");
  saved.live_state = reader.table("observed");
  saved.files = reader.table("files");
  if (!reader.missing().empty())
    return not_a_plan(fmt::format("\"{}\" is missing or of another type", reader.missing()));
  if (!strategy) return not_a_plan("its \"subject_name_strategy\" is unknown");
  if (saved.plan_options.prune && prefix.empty()) return not_a_plan("it prunes without a prefix");
  saved.source.strategy = *strategy;
  return saved;
}

std::vector<std::string> moved_facts(const std::map<std::string, std::string>& then,
                                     const std::map<std::string, std::string>& now) {
  std::vector<std::string> moved;
  for (const auto& [fact, value] : then) {
    const auto found = now.find(fact);
    if (found == now.end()) {
      moved.push_back(fmt::format("{}: {} then, not so now", fact, value));
    } else if (found->second != value) {
      moved.push_back(fmt::format("{}: {} then, {} now", fact, value, found->second));
    }
  }
  for (const auto& [fact, value] : now) {
    if (!then.contains(fact)) moved.push_back(fmt::format("{}: {} now, not so then", fact, value));
  }
  return moved;
}

}  // namespace omashu::provision
