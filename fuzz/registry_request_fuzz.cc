// The first byte says which request, the rest is its body: bodies are read without harm, refused as the client's fault
// and never the server's, and what is registered is found again.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "schema_registry/server/compatibility_check.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/retagging.h"
#include "schema_registry/server/settings.h"

using namespace omashu;
using namespace omashu::schema_registry;
using namespace omashu::schema_registry::server;

namespace {

void require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", what, text.c_str());
  std::abort();
}

void require_clients_fault(const ApiError& error) {
  require(error.status >= 400 && error.status < 500, "a body is the server's fault", error.message);
  require(json::parse(error_body(error.code, error.message)).has_value(), "an error that is no JSON", error.message);
}

// Holds a record, and one that refers to it, for whatever the body refers to.
Store& filled_store(Store& store, int64_t& offset) {
  const SchemaText part = {.schema = R"({"type":"record","name":"Part","fields":[]})"};
  const SchemaText whole = {.schema = R"({"type":"record","name":"Whole","fields":[{"name":"part","type":"Part"}]})",
                            .references = {{"Part", "part", 1}}};
  for (const auto& [subject, id, text] : {std::tuple("part", 1, part), std::tuple("whole", 2, whole)}) {
    const TopicRecord record = schema_record({.subject = subject, .version = 1, .id = SchemaId{id}, .text = text});
    store.apply({offset++, record.key, record.value, ""});
  }
  return store;
}

void apply(Store& store, int64_t& offset, const Decision& decision) {
  require(json::parse(decision.answer).has_value(), "an answer that is no JSON", decision.answer);
  for (const TopicRecord& record : decision.records) {
    const auto outcome = store.apply({offset++, record.key, record.value, ""});
    require(outcome == Store::Outcome::kApplied, "a decision that does not count", record.key);
  }
}

void check_registration(const std::string& body, const std::string& subject) {
  const auto request = parse_schema_request(body);
  if (!request) return require_clients_fault(request.error());
  Store store;
  int64_t offset = 0;
  filled_store(store, offset);
  if (request->id) {
    const TopicRecord import = mode_record(subject, Mode::kImport);
    store.apply({offset++, import.key, import.value, ""});
  }
  Registration wanted = {.subject = subject, .request = *request, .normalize = body.size() % 2 == 0, .tells_all = true};
  const auto decision = register_schema(store, wanted);
  if (!decision) return require_clients_fault(decision.error());
  apply(store, offset, *decision);
  const auto found = find_registered(store, wanted);
  require(found.has_value() && found->has_value(), "what was registered is not found", body);
  const auto again = register_schema(store, wanted);
  require(again.has_value() && again->records.empty(), "what was registered is registered again", body);
}

void check_config(const std::string& body) {
  const auto update = parse_config_request(body);
  if (!update) return require_clients_fault(update.error());
  Store store;
  int64_t offset = 0;
  filled_store(store, offset);
  const auto decision = set_config(store, "whole", *update);
  require(decision.has_value(), "a configuration that is understood and refused", body);
  apply(store, offset, *decision);
  const ConfigValue* config = store.config("whole");
  require(config != nullptr && *config == updated(ConfigValue(), *update), "a configuration changes in the topic",
          body);
}

void check_retagging(const std::string& body) {
  const auto wanted = parse_retagging(body);
  if (!wanted) return require_clients_fault(wanted.error());
  Store store;
  int64_t offset = 0;
  const auto decision = retag(filled_store(store, offset), "whole", "latest", *wanted, true);
  if (!decision) return require_clients_fault(decision.error());
  apply(store, offset, *decision);
}

template <class Value>
void check_setting(const Answer<Value>& value) {
  if (!value) require_clients_fault(value.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: check_config(body); break;
    case 1: check_setting(parse_mode_request(body)); break;
    case 2: check_registration(body, "new"); break;
    case 3: check_registration(body, "whole"); break;
    case 4: check_retagging(body); break;
  }
  return 0;
}
