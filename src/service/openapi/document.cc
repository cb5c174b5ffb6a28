#include "service/openapi/document.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "service/openapi/table_schemas.h"

namespace omashu::service {

namespace {

using json::Value;

constexpr std::string_view kTable = "{table}";

// What every operation may answer, and what those with a body may.
constexpr ProblemType kOfAll[] = {
    ProblemType::kMalformedRequest,   ProblemType::kUnknownParameter, ProblemType::kInvalidParameter,
    ProblemType::kLoginRequired,      ProblemType::kForbidden,        ProblemType::kRequestTimeout,
    ProblemType::kMisdirectedRequest, ProblemType::kTooManyRequests,  ProblemType::kHeadTooLarge,
    ProblemType::kInternal,           ProblemType::kUnavailable};
constexpr ProblemType kOfBodies[] = {ProblemType::kMalformedBody, ProblemType::kBodyTooLarge,
                                     ProblemType::kUnsupportedMediaType};

constexpr const char* kProblemSchema =
    R"({"type":"object","description":"RFC 9457","required":["type","title","status","detail"],"properties":{)"
    R"("type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},)"
    R"("pointer":{"type":"string","description":"JSON pointer to the value of the body that is wrong"}}})";

// A topic for whom an operation is written; nothing: of no table.
using Topic = std::optional<std::string>;

Value schema_of(const std::string& text, const Topic& topic) {
  auto parsed = json::parse(text.empty() ? "{}" : text);
  if (!parsed) return Value::object();
  return topic ? with_table_references(*parsed, *topic) : *std::move(parsed);
}

Value content_json(const std::vector<Content>& contents, const Topic& topic) {
  Value out = Value::object();
  for (const Content& content : contents) {
    Value one = Value::object();
    one.add("schema", schema_of(content.schema, topic));
    out.add(content.media_type, std::move(one));
  }
  return out;
}

Value parameter_json(const Parameter& parameter, const Topic& topic) {
  constexpr const char* kPlaces[] = {"path", "query", "header"};
  const bool is_path = parameter.place == Parameter::Place::kPath;
  Value out = Value::object();
  out.add("name", parameter.name).add("in", kPlaces[static_cast<size_t>(parameter.place)]);
  if (!parameter.description.empty()) out.add("description", parameter.description);
  out.add("required", is_path || parameter.is_required);
  Value schema = schema_of(parameter.schema, topic);
  if (is_path && schema.find("type") != nullptr && schema.find("minLength") == nullptr) schema.add("minLength", 1);
  if (parameter.is_repeated) {
    Value array = Value::object();
    array.add("type", "array").add("items", std::move(schema));
    schema = std::move(array);
  }
  out.add("schema", std::move(schema));
  return out;
}

void add_problems(std::map<int, Value>& responses, const Operation& operation) {
  std::map<int, std::vector<std::string_view>> titles;
  const auto add = [&](ProblemType type) {
    const ProblemKind& kind = problem_kind(type);
    auto& of_status = titles[kind.status];
    if (std::ranges::find(of_status, kind.title) == of_status.end()) of_status.push_back(kind.title);
  };
  std::ranges::for_each(kOfAll, add);
  if (!operation.request.empty()) std::ranges::for_each(kOfBodies, add);
  std::ranges::for_each(operation.problems, add);
  for (const auto& [status, of_status] : titles) {
    std::string description;
    for (const std::string_view title : of_status) {
      description += fmt::format("{}{}", description.empty() ? "" : "; ", title);
    }
    Value schema = Value::object(), content = Value::object(), media = Value::object(), response = Value::object();
    schema.add("$ref", "#/components/schemas/Problem");
    media.add("schema", std::move(schema));
    content.add("application/problem+json", std::move(media));
    response.add("description", description).add("content", std::move(content));
    responses.emplace(status, std::move(response));
  }
}

Value responses_json(const Operation& operation, const Topic& topic) {
  std::map<int, Value> responses;
  for (const auto& [status, answer] : operation.answers) {
    Value response = Value::object();
    response.add("description", answer.description);
    if (!answer.contents.empty()) response.add("content", content_json(answer.contents, topic));
    responses.emplace(status, std::move(response));
  }
  add_problems(responses, operation);
  Value out = Value::object();
  for (auto& [status, response] : responses) out.add(fmt::format("{}", status), std::move(response));
  return out;
}

// Letters, digits and underscores, which every language has in names.
std::string operation_id(const Operation& operation, const Topic& topic) {
  std::string id = operation.id;
  if (topic) id += "_" + *topic;
  std::ranges::replace_if(id, [](char c) { return c == '-' || c == '.'; }, '_');
  return id;
}

Value operation_json(const Operation& operation, const Topic& topic) {
  Value out = Value::object(), tags = Value::array();
  tags.append(topic.value_or(operation.tag));
  out.add("operationId", operation_id(operation, topic)).add("tags", std::move(tags)).add("summary", operation.summary);
  if (!operation.description.empty()) out.add("description", operation.description);
  Value parameters = Value::array();
  for (const Parameter& parameter : operation.parameters) {
    if (topic && parameter.name == "table") continue;
    parameters.append(parameter_json(parameter, topic));
  }
  if (!parameters.items().empty()) out.add("parameters", std::move(parameters));
  if (!operation.request.empty()) {
    Value body = Value::object();
    body.add("required", true).add("content", content_json(operation.request, topic));
    out.add("requestBody", std::move(body));
  }
  out.add("responses", responses_json(operation, topic));
  return out;
}

// The paths in the order of the declarations, each with its methods.
class Paths {
 public:
  void add(const Operation& operation, const Topic& topic) {
    std::string path = operation.pattern;
    if (topic) path.replace(path.find(kTable), kTable.size(), *topic);
    std::string method(http::method_name(operation.method));
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    const auto [at, is_new] = index_.emplace(path, paths_.size());
    if (is_new) paths_.push_back({path, Value::object(), 0});
    paths_[at->second].value.add(method, operation_json(operation, topic));
  }

  Value take() { return Value::object(std::move(paths_)); }

 private:
  std::map<std::string, size_t> index_;
  std::vector<json::Member> paths_;
};

Value security_schemes() {
  Value basic = Value::object(), bearer = Value::object(), schemes = Value::object();
  basic.add("type", "http").add("scheme", "basic");
  bearer.add("type", "http").add("scheme", "bearer");
  schemes.add("basic", std::move(basic)).add("bearer", std::move(bearer));
  return schemes;
}

// Whether a log-in is asked for is the server's setting.
Value security() {
  Value out = Value::array();
  out.append(Value::object());
  for (const char* scheme : {"basic", "bearer"}) {
    Value one = Value::object();
    one.add(scheme, Value::array());
    out.append(std::move(one));
  }
  return out;
}

}  // namespace

std::string openapi_document(const Operations& operations, const Tables& tables, const std::string& version) {
  Paths paths;
  for (const Operation& operation : operations) {
    if (operation.pattern.find(kTable) == std::string::npos) paths.add(operation, std::nullopt);
  }
  for (const auto& table : tables.all()) {
    for (const Operation& operation : operations) {
      if (operation.pattern.find(kTable) != std::string::npos) paths.add(operation, table->topic());
    }
  }
  Value schemas = Value::object();
  if (auto problem = json::parse(kProblemSchema)) schemas.add("Problem", *std::move(problem));
  for (const auto& table : tables.all()) add_table_schemas(schemas, table->topic(), *table->typed());
  Value components = Value::object(), info = Value::object(), document = Value::object();
  components.add("schemas", std::move(schemas)).add("securitySchemes", security_schemes());
  info.add("title", "omashu").add("version", version.empty() ? "0" : version);
  info.add("description", "The latest value of every key of compacted Kafka topics.");
  document.add("openapi", "3.1.0")
      .add("info", std::move(info))
      .add("security", security())
      .add("paths", paths.take())
      .add("components", std::move(components));
  return json::to_text(document) + "\n";
}

}  // namespace omashu::service
