#include "provision/plan_json.h"

namespace omashu::provision {

namespace {

using json::Value;

Value references_json(const std::vector<schema_registry::Reference>& references) {
  Value array = Value::array();
  for (const schema_registry::Reference& reference : references) {
    Value object = Value::object();
    object.add("name", reference.name);
    object.add("subject", reference.subject);
    object.add("version", reference.version);
    array.append(std::move(object));
  }
  return array;
}

Value named(std::string_view action) {
  Value object = Value::object();
  object.add("action", action);
  return object;
}

Value to_json(const RegisterSchema& action) {
  Value object = named("register_schema");
  object.add("subject", action.subject);
  object.add("file", action.file);
  object.add("before_version", action.latest ? Value(action.latest->version) : Value());
  object.add("version", action.version);
  object.add("references", references_json(action.text.references));
  object.add("before_references", action.latest ? references_json(action.latest->text.references) : Value());
  object.add("schema", action.text.schema);
  object.add("before_schema", action.latest ? Value(action.latest->text.schema) : Value());
  return object;
}

Value to_json(const SetCompatibility& action) {
  Value object = named("set_compatibility");
  object.add("subject", action.subject);
  object.add("before", action.before);
  object.add("after", action.after);
  return object;
}

Value to_json(const CreateTopic& action) {
  Value object = named("create_topic");
  object.add("topic", action.topic.name);
  object.add("partitions", action.topic.partitions);
  object.add("replication_factor", action.topic.replication_factor);
  Value configs = Value::object();
  for (const auto& [name, value] : action.topic.configs) configs.add(name, value);
  object.add("configs", std::move(configs));
  return object;
}

Value to_json(const AddPartitions& action) {
  Value object = named("add_partitions");
  object.add("topic", action.topic);
  object.add("before", action.before);
  object.add("after", action.after);
  return object;
}

Value broker_list(const std::vector<int32_t>& brokers) {
  Value array = Value::array();
  for (const int32_t broker : brokers) array.append(broker);
  return array;
}

Value to_json(const ReassignReplicas& action) {
  Value object = named("reassign_replicas");
  object.add("topic", action.topic);
  object.add("before", action.before);
  object.add("after", action.after);
  Value partitions = Value::array();
  for (const auto& [id, partition] : action.partitions) {
    Value one = Value::object();
    one.add("partition", static_cast<int32_t>(id));
    one.add("before", broker_list(partition.before));
    one.add("after", broker_list(partition.after));
    partitions.append(std::move(one));
  }
  object.add("partitions", std::move(partitions));
  return object;
}

Value to_json(const AlterConfigs& action) {
  Value object = named("alter_configs");
  object.add("topic", action.topic);
  Value changes = Value::array();
  for (const ConfigDifference& difference : action.changes) {
    Value change = Value::object();
    change.add("name", difference.name);
    change.add("before", difference.before);
    change.add("was_default", difference.was_default);
    change.add("after", difference.is_reset ? Value() : Value(difference.after));
    changes.append(std::move(change));
  }
  object.add("changes", std::move(changes));
  return object;
}

Value to_json(const DeleteTopic& action) {
  Value object = named("delete_topic");
  object.add("topic", action.topic);
  object.add("partitions", action.partitions);
  return object;
}

Value to_json(const DeleteSubject& action) {
  Value object = named("delete_subject");
  object.add("subject", action.subject);
  return object;
}

std::string_view state_name(ActionResult::State state) {
  switch (state) {
    case ActionResult::State::kDone: return "done";
    case ActionResult::State::kFailed: return "failed";
    case ActionResult::State::kNotDone: return "not_done";
  }
  return "";
}

Value mistake_list(const std::vector<Mistake>& mistakes) {
  Value array = Value::array();
  for (const Mistake& mistake : mistakes) {
    Value object = Value::object();
    object.add("file", mistake.place.file);
    object.add("line", static_cast<uint64_t>(mistake.place.position.line));
    object.add("column", static_cast<uint64_t>(mistake.place.position.column));
    object.add("message", mistake.message);
    array.append(std::move(object));
  }
  return array;
}

Value document(std::string_view kind) {
  Value object = Value::object();
  object.add("version", kJsonVersion);
  object.add("kind", kind);
  return object;
}

}  // namespace

Value actions_json(const Plan& plan, const ApplyReport* report) {
  Value array = Value::array();
  for (size_t i = 0; i < plan.actions.size(); ++i) {
    Value object = std::visit([](const auto& action) { return to_json(action); }, plan.actions[i]);
    if (report != nullptr) {
      const ActionResult& result = report->results[i];
      object.add("result", state_name(result.state));
      if (result.state == ActionResult::State::kFailed) object.add("error", result.message);
    }
    array.append(std::move(object));
  }
  return array;
}

Value plan_json(const Plan& plan, const ApplyReport* report) {
  Value object = document(report == nullptr ? "plan" : "apply");
  object.add("actions", actions_json(plan, report));
  object.add("violations", mistake_list(plan.violations));
  object.add("warnings", mistake_list(plan.warnings));
  Value notes = Value::array();
  for (const std::string& note : plan.notes) notes.append(note);
  if (report != nullptr) {
    for (const std::string& note : report->notes) notes.append(note);
  }
  object.add("notes", std::move(notes));
  Value unchanged = Value::object();
  unchanged.add("topics", static_cast<uint64_t>(plan.unchanged_topics));
  unchanged.add("schemas", static_cast<uint64_t>(plan.unchanged_schemas));
  object.add("unchanged", std::move(unchanged));
  return object;
}

Value findings_json(const Findings& findings) {
  Value object = document("validate");
  object.add("mistakes", mistake_list(findings.mistakes));
  object.add("warnings", mistake_list(findings.warnings));
  return object;
}

}  // namespace omashu::provision
