// What the service offers, declared once: an operation is a route of the HTTP server and a part of openapi.json.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/router.h"

namespace omashu::service {

struct Parameter {
  enum class Place : uint8_t { kPath, kQuery, kHeader };

  std::string name;
  Place place = Place::kQuery;
  std::string description;
  std::string schema = R"({"type":"string"})";  // JSON Schema
  bool is_required = false;
  bool is_repeated = false;  // a query's, which may be given several times
};

struct Content {
  std::string media_type;
  std::string schema;  // JSON Schema; "" is anything
};

struct AnswerDescription {
  std::string description;
  std::vector<Content> contents = {};
};

struct Operation {
  http::Method method = http::Method::kGet;
  std::string pattern;  // as http::Router has it: "/v1/tables/{table}/rows/{key}"
  std::string id;       // operationId: "getRow"
  std::string tag;      // "Rows"
  std::string summary;
  std::string description = {};
  std::vector<Parameter> parameters = {};
  std::vector<Content> request = {};              // the body; empty: there is none
  std::map<int, AnswerDescription> answers = {};  // by status; problems (problem.h) are added by themselves
  http::Access access = http::Access::kRead;
  http::Handler handler;
};

using Operations = std::vector<Operation>;

}  // namespace omashu::service
