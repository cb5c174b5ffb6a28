// What the service offers, declared once: an operation is a route of the HTTP server and a part of openapi.json.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/router.h"
#include "service/problem.h"

namespace omashu::service {

struct Parameter {
  enum class Place : uint8_t { kPath, kQuery, kHeader };

  std::string name;
  Place place = Place::kQuery;
  std::string description = {};
  // JSON Schema. A query's value is checked by it before the handler is called: `type` string, integer or boolean,
  // `enum`, `minimum`, `maximum`, `minLength`, `maxLength` (kMaxValueBytes where it is not said).
  std::string schema = R"({"type":"string"})";
  bool is_required = false;
  bool is_repeated = false;  // a query's, which may be given several times
};

struct Content {
  std::string media_type;
  std::string schema;  // JSON Schema; "" is anything
};

struct AnswerDescription {
  std::string description = {};
  std::vector<Content> contents = {};
};

struct Operation {
  http::Method method = http::Method::kGet;
  std::string pattern;   // as http::Router has it: "/v1/tables/{table}/rows/{key}"
  std::string id;        // operationId: "getRow"
  std::string tag = {};  // "Rows"
  std::string summary = {};
  std::string description = {};
  std::vector<Parameter> parameters = {};         // all of them: a query parameter that is not here is refused
  std::vector<Content> request = {};              // the body; empty: there is none
  std::map<int, AnswerDescription> answers = {};  // by status, without problems
  std::vector<ProblemType> problems = {};         // beside those that every operation may answer
  http::Access access = http::Access::kRead;
  http::Handler handler = {};
};

using Operations = std::vector<Operation>;

}  // namespace omashu::service
