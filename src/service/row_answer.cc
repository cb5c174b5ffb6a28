#include "service/row_answer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "service/media_type.h"
#include "service/row_history.h"
#include "service/row_key.h"
#include "table/payload_reader.h"

namespace omashu::service {

namespace {

// In the order of RowForm.
constexpr std::array<std::string_view, 3> kMediaTypes = {"application/json", "application/vnd.omashu.avro+json",
                                                         "application/octet-stream"};

Result<std::string> text_of(RowForm form, table::TypedTopic& typed, schema_registry::Client& registry,
                            const table::LiveRow& row) {
  switch (form) {
    case RowForm::kPlainJson: {
      auto json = typed.row_value(row.view());
      if (!json) return fail(std::move(json.error()));
      return std::move(json->text);
    }
    case RowForm::kAvroJson: {
      table::PayloadReader reader(registry, typed.schemas().value, avro::JsonForm::kAvro);
      return reader.read(typed.stored_payload(row.view()), serde::PayloadFormat::kAuto);
    }
    case RowForm::kBytes: return std::string(typed.stored_payload(row.view()).bytes);
  }
  return {};
}

http::Response refused(Problem problem, const TableHead& head) {
  head.add_to(problem.fields);
  return problem_response(problem);
}

http::Response no_row(const table::LiveTable& table, const TableHead& head, const std::string& key,
                      const table::Lookup& lookup) {
  if (lookup.state == table::RowState::kNotYetSeen) {
    return refused(restoring(table, fmt::format("{} has not been read yet, and may still come", shown_key(key))), head);
  }
  if (lookup.state == table::RowState::kNeverSeen) {
    return refused({.type = ProblemType::kRowNotFound,
                    .detail = fmt::format("{} has no row with the key {}", table.topic(), shown_key(key))},
                   head);
  }
  Problem problem{.type = ProblemType::kRowDeleted, .detail = fmt::format("{} was deleted", shown_key(key))};
  if (lookup.row) {
    problem.members.push_back({"position", table::position_text(table.topic(), lookup.row->position)});
    if (std::string date = http_date(lookup.row->timestamp_ms); !date.empty()) {
      problem.fields.push_back({"Last-Modified", std::move(date)});
    }
  }
  return refused(std::move(problem), head);
}

}  // namespace

std::vector<Content> row_contents() {
  const std::string json = std::string(R"({"anyOf":[{"$ref":"#/components/schemas/Value"},)") + kHistorySchema + "]}";
  return {{std::string(kMediaTypes[0]), json}, {std::string(kMediaTypes[1]), ""}, {std::string(kMediaTypes[2]), ""}};
}

Answer<RowForm> row_form(const http::Request& request) {
  if (const auto preferred = preferred_media_type(request.field("accept"), kMediaTypes)) {
    return static_cast<RowForm>(*preferred);
  }
  return refuse(ProblemType::kNotAcceptable,
                fmt::format("a row is {}, {} or {}", kMediaTypes[0], kMediaTypes[1], kMediaTypes[2]));
}

http::Response row_answer(const http::Request& request, RowForm form, const table::LiveTable& table,
                          table::TypedTopic& typed, schema_registry::Client& registry, const TableHead& head,
                          const std::string& key, const table::Lookup& lookup) {
  if (lookup.state != table::RowState::kFound) return no_row(table, head, key, lookup);
  const table::LiveRow& row = *lookup.row;
  http::Response response;
  response.fields.reserve(8);
  const std::string tag = '"' + table::position_text(table.topic(), row.position) + '"';
  response.fields.push_back({"ETag", tag});
  if (std::string date = http_date(row.timestamp_ms); !date.empty()) {
    response.fields.push_back({"Last-Modified", std::move(date)});
  }
  response.fields.push_back({"Cache-Control", "no-cache"});
  response.fields.push_back({"Vary", "Accept"});
  head.add_to(response.fields);
  if (has_entity_tag(request.field("if-none-match"), tag)) {
    response.status = 304;
    return response;
  }
  auto text = text_of(form, typed, registry, row);
  if (!text) return refused(problem_of(text.error()), head);
  response.content_type = kMediaTypes[static_cast<size_t>(form)];
  response.body = *std::move(text);
  return response;
}

bool has_entity_tag(std::string_view field, std::string_view tag) {
  while (!field.empty()) {
    std::string_view one = field.substr(0, field.find(','));
    field.remove_prefix(std::min(one.size() + 1, field.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one.remove_suffix(one.size() - (one.find_last_not_of(" \t") + 1));
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == tag) return true;
  }
  return false;
}

std::string http_date(int64_t timestamp_ms) {
  constexpr int64_t kLastMs = 253'402'300'799'999;  // of the year 9999, where its form ends
  if (timestamp_ms < 0 || timestamp_ms > kLastMs) return "";
  using namespace std::chrono;
  const auto time = floor<seconds>(sys_time<milliseconds>(milliseconds(timestamp_ms)));
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat", kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays.substr(weekday(day).c_encoding() * 3, 3),
                     unsigned(date.day()), kMonths.substr((unsigned(date.month()) - 1) * 3, 3), int(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace omashu::service
