// GET /v1/schemas, /v1/schemas/{subject}, /v1/schemas/{subject}/diff

#include <algorithm>

#include "inspect/subject_diff.h"
#include "inspect/subject_references.h"
#include "inspect/subject_versions.h"
#include "provision/line_diff.h"
#include "service/cluster/cluster_resource.h"

namespace omashu::service {

namespace {

using json::Value;
using schema_registry::Client;
using schema_registry::SubjectVersion;

constexpr size_t kMaxVersions = 100;  // of one subject, with their texts

// Null where the registry does not tell.
Value level_json(const Result<std::string>& level) { return level ? Value(*level) : Value(); }

// What is deleted between two requests is left out.
Answer<std::string> list_subjects(Client& registry) {
  auto subjects = registry.subjects();
  if (!subjects) return refuse(problem_of(subjects.error()));
  std::ranges::sort(*subjects);
  const auto versions = registry.versions_of_all(*subjects);
  const auto latest = registry.latest_of_all(*subjects);
  const auto levels = registry.compatibility_level_of_all(*subjects);
  Value rows = Value::array();
  for (size_t i = 0; i < subjects->size(); ++i) {
    for (const Error* error :
         {versions[i] ? nullptr : &versions[i].error(), latest[i] ? nullptr : &latest[i].error()}) {
      if (error != nullptr && error->code != ErrorCode::kNotFound) return refuse(problem_of(*error));
    }
    if (!versions[i] || !latest[i]) continue;
    Value numbers = Value::array();
    for (const int version : *versions[i]) numbers.append(version);
    Value row = Value::object();
    row.add("subject", (*subjects)[i]).add("versions", std::move(numbers));
    row.add("version", latest[i]->version).add("id", static_cast<int32_t>(latest[i]->id));
    row.add("schemaType", latest[i]->text.schema_type).add("compatibility", level_json(levels[i]));
    rows.append(std::move(row));
  }
  Value body = Value::object();
  body.add("compatibility", level_json(registry.compatibility_level(""))).add("subjects", std::move(rows));
  return json::to_text(body);
}

// Null where the registry does not tell: not every one does.
Value referrers_json(Client& registry, const SubjectVersion& version) {
  const auto referrers = inspect::referrers_of(registry, version.subject, version.version);
  if (!referrers) return {};
  Value referred = Value::array();
  for (const inspect::Referrer& referrer : *referrers) {
    Value one = Value::object();
    one.add("name", referrer.type).add("subject", referrer.subject).add("version", referrer.version);
    referred.append(std::move(one));
  }
  return referred;
}

Value version_json(Client& registry, const SubjectVersion& version) {
  Value object = Value::object();
  object.add("version", version.version).add("id", static_cast<int32_t>(version.id));
  object.add("schemaType", version.text.schema_type).add("schema", version.text.schema);
  object.add("references", inspect::references_json(version.text.references));
  object.add("referencedBy", referrers_json(registry, version));
  return object;
}

Answer<std::string> describe_subject(Client& registry, const std::string& subject) {
  auto versions = inspect::versions_of(registry, subject, false);
  if (!versions) return refuse(problem_of(versions.error()));
  std::ranges::sort(versions->live, std::greater());
  const size_t shown = std::min(versions->live.size(), kMaxVersions);
  std::vector<Client::SubjectAndVersion> asked;
  for (size_t i = 0; i < shown; ++i) asked.push_back({subject, versions->live[i]});
  Value list = Value::array();
  for (const auto& found : registry.version_of_all(asked)) {
    if (!found) return refuse(problem_of(found.error()));
    list.append(version_json(registry, *found));
  }
  Value body = Value::object();
  body.add("subject", subject).add("compatibility", level_json(registry.compatibility_level(subject)));
  body.add("versions", std::move(list)).add("olderVersions", static_cast<uint64_t>(versions->live.size() - shown));
  return json::to_text(body);
}

std::string_view kind_name(provision::DiffLine::Kind kind) {
  using Kind = provision::DiffLine::Kind;
  return kind == Kind::kAdded ? "added" : kind == Kind::kRemoved ? "removed" : "same";
}

std::optional<int64_t> version_of(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  return text ? json::parse(*text)->as_int64() : std::nullopt;  // a number, since the operation says so
}

Answer<std::string> diff_versions(Client& registry, const std::string& subject, const http::Request& request) {
  const auto pair =
      inspect::find_version_pair(registry, subject, version_of(request, "from"), version_of(request, "to"));
  if (!pair) return refuse(problem_of(pair.error()));
  Value changes = Value::array();
  for (const std::string& change : inspect::version_changes(*pair)) changes.append(change);
  const std::string before = inspect::pretty_schema(pair->before.text.schema);
  const std::string after = inspect::pretty_schema(pair->after.text.schema);
  Value lines = Value::array();
  for (const provision::DiffLine& line : provision::diff_lines(before, after, before.size() + after.size())) {
    Value one = Value::object();
    one.add("kind", kind_name(line.kind)).add("text", line.text);
    lines.append(std::move(one));
  }
  Value body = Value::object();
  body.add("subject", subject).add("from", pair->before.version).add("to", pair->after.version);
  body.add("changes", std::move(changes)).add("lines", std::move(lines));
  return json::to_text(body);
}

Parameter subject_parameter() {
  return {.name = "subject", .place = Parameter::Place::kPath, .description = "the subject's name"};
}

Parameter version_parameter(std::string name, std::string description) {
  return {.name = std::move(name),
          .description = std::move(description),
          .schema = R"({"type":"integer","minimum":1,"maximum":2147483647})"};
}

}  // namespace

Operations schema_operations(const ClusterResource& resource) {
  Client& registry = resource.parts.registry;
  return {{.pattern = "/v1/schemas",
           .id = "listSubjects",
           .tag = "Schemas",
           .summary = "All subjects of the registry",
           .answers = {{200,
                        {"The subjects, by name",
                         {{"application/json", object_schema("compatibility:string? subjects:array")}}}}},
           .problems = {ProblemType::kUnavailable},
           .handler = resource.handler([&registry](const http::Exchange&) { return list_subjects(registry); })},
          {.pattern = "/v1/schemas/{subject}",
           .id = "getSubject",
           .tag = "Schemas",
           .summary = "One subject: its versions, what they refer to, and who refers to them",
           .parameters = {subject_parameter()},
           .answers = {{200,
                        {"The subject, the newest version first",
                         {{"application/json", object_schema("subject:string compatibility:string? versions:array "
                                                             "olderVersions:integer")}}}}},
           .problems = {ProblemType::kNotFound, ProblemType::kUnavailable},
           .handler = resource.handler([&registry](const http::Exchange& exchange) {
             return describe_subject(registry, exchange.parameter("subject"));
           })},
          {.pattern = "/v1/schemas/{subject}/diff",
           .id = "diffSubject",
           .tag = "Schemas",
           .summary = "What changed between two versions",
           .parameters = {subject_parameter(),
                          version_parameter("from", "the earlier version; without it the one before `to`"),
                          version_parameter("to", "the later version; without it the latest")},
           .answers = {{200,
                        {"The changes in words, and line by line",
                         {{"application/json",
                           object_schema("subject:string from:integer to:integer changes:array lines:array")}}}}},
           .problems = {ProblemType::kNotFound, ProblemType::kUnavailable},
           .handler = resource.handler([&registry](const http::Exchange& exchange) {
             return diff_versions(registry, exchange.parameter("subject"), exchange.request());
           })}};
}

}  // namespace omashu::service
