// What comes in with a write of a row: If-Match, If-None-Match, and a merge patch with what it is for, a zero byte
// between them. Conditions that are taken can be asked of any row; a patch that is merged twice changes nothing more.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/write/merge_patch.h"
#include "service/write/preconditions.h"

using namespace omashu;

namespace {

void require(bool condition, const char* what, std::string_view input) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(input.size()), input.data());
  std::abort();
}

std::string_view take_part(std::string_view& input) {
  const std::string_view part = input.substr(0, input.find('\0'));
  input.remove_prefix(std::min(part.size() + 1, input.size()));
  return part;
}

void check_conditions(std::string_view if_match, std::string_view if_none_match) {
  http::Request request;
  request.fields = {{"if-match", std::string(if_match)}, {"if-none-match", std::string(if_none_match)}};
  const auto conditions = service::Preconditions::parse(request);
  if (!conditions) return require(!conditions.error().detail.empty(), "no reason is given", if_match);
  auto row = std::make_shared<table::LiveRow>();
  row->value.emplace();
  for (const table::Position& position : conditions->positions("t")) {
    require(position.partition >= 0 && position.offset >= 0, "a position is negative", if_match);
    row->position = position;
    (void)conditions->check("t", row);
  }
  require(conditions->check("t", nullptr).has_value(), "there is no row, and If-Match holds", if_match);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view if_match = take_part(input), if_none_match = take_part(input);
  check_conditions(if_match, if_none_match);
  const auto target = json::parse(take_part(input)), patch = json::parse(take_part(input));
  if (!target || !patch) return 0;
  const json::Value once = service::merge_patch(*target, *patch);
  const std::string text = json::to_text(once);
  require(json::to_text(service::merge_patch(once, *patch)) == text, "a second merge changes something", text);
  return 0;
}
