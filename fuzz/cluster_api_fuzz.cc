// What comes in by the operations about the cluster: where a page of records starts, the files of a plan, and the
// records themselves, which become JSON whatever is in them.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "inspect/page_start.h"
#include "provision/desired.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "service/cluster/plan_request.h"
#include "service/cluster/record_json.h"

using namespace omashu;

namespace {

void require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

void check_page_start(std::string_view text) {
  const auto start = inspect::parse_page_start(text, "t", 1'764'489'600'000);
  if (!start) {
    require(std::ranges::none_of(start.error().message, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
            "an error is no line", start.error().message);
    return;
  }
  require(start->value >= 0, "a negative place", text);
  if (start->kind != inspect::PageStart::Kind::kPositions) return;
  const auto again = inspect::parse_page_start(table::position_set_text(start->positions), "t", 0);
  require(again && again->positions == start->positions, "positions change", text);
}

void check_plan(std::string_view body) {
  const auto request = service::parse_plan_request(body);
  if (!request) return;
  if (service::mistaken_list(*request)) return;
  const auto loaded =
      provision::load_desired({.file = *request->file, .schemas_dir = ""}, provision::read_from(request->files));
  require(!loaded || !loaded->mistakes.empty() || loaded->desired.file == *request->file, "another file", body);
}

void check_record(std::string_view payload) {
  static schema_registry::testing::MemoryRegistry registry;
  static const bool is_ready =
      registry.register_schema("t-value", {.schema = R"(["null","string",{"type":"map","values":"bytes"}])"}, false)
          .has_value();
  require(is_ready, "no schema", "");
  kafka::Message record;
  record.topic = "t";
  record.key = record.value = std::string(payload);
  record.headers.push_back({.name = std::string(payload), .value = std::string(payload)});
  inspect::RecordPage page;
  page.records.push_back(std::move(record));
  const std::string text = service::RecordJson(registry).page("t", page);
  const auto parsed = json::parse(text);
  require(parsed && parsed->find("records")->items().size() == 1, "no JSON", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_page_start(input);
  check_plan(input);
  check_record(input);
  return 0;
}
