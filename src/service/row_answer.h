// GET of one row: the bare value in the form that the client prefers, and in the head where it comes from.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/exchange.h"
#include "service/operation.h"
#include "service/table_head.h"
#include "table/live/live_table.h"

namespace omashu::service {

enum class RowForm : uint8_t { kPlainJson, kAvroJson, kBytes };

// What it may be asked for, for the operation's declaration.
std::vector<Content> row_contents();

Answer<RowForm> row_form(const http::Request& request);

// 200, 304 where If-None-Match has it already, 404, 410 or 503 as the look-up says. May wait for the registry.
http::Response row_answer(const http::Request& request, RowForm form, const table::LiveTable& table,
                          table::TypedTopic& typed, schema_registry::Client& registry, const TableHead& head,
                          const std::string& key, const table::Lookup& lookup);

// RFC 9110, section 8.8.3: whether a line of entity tags (If-None-Match, If-Match) has this one or is "*". Weak tags
// count as strong ones.
bool has_entity_tag(std::string_view field, std::string_view tag);

// "Sun, 06 Nov 1994 08:49:37 GMT"; "" where there is no time, or none before the year 10000.
std::string http_date(int64_t timestamp_ms);

}  // namespace omashu::service
