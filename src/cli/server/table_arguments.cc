#include "cli/server/table_arguments.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/nearest.h"

namespace omashu::cli {

namespace {

using Tables = std::vector<table::TableOptions>;

Result<void> add_tables(std::string_view text, Tables& tables) {
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    std::string name(text.substr(start, end - start));
    if (name.empty()) return fail(ErrorCode::kInvalidArgument, "--tables: write TOPIC or TOPIC,TOPIC");
    if (std::ranges::find(tables, name, &table::TableOptions::topic) != tables.end()) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("--tables: {} is named twice", name));
    }
    tables.push_back({.topic = std::move(name)});
    start = end + 1;
  }
  return {};
}

// The table that `TOPIC:…` names, and what stands behind the colon. Names of topics have no colon.
Result<std::pair<table::TableOptions*, std::string>> split(const std::string& option, const std::string& text,
                                                           Tables& tables) {
  const size_t colon = text.find(':');
  const std::string topic = text.substr(0, std::min(colon, text.size()));
  const auto found = std::ranges::find(tables, topic, &table::TableOptions::topic);
  if (colon != std::string::npos && found != tables.end()) return std::pair(&*found, text.substr(colon + 1));
  if (colon == std::string::npos && tables.size() == 1) return std::pair(&tables.front(), text);
  std::vector<std::string> names;
  for (const table::TableOptions& table : tables) names.push_back(table.topic);
  return fail(ErrorCode::kInvalidArgument,
              colon == std::string::npos
                  ? fmt::format("{} {}: say of which table: TOPIC:{}", option, text, text)
                  : fmt::format("{} {}: {} is none of the tables{}", option, text, topic, did_you_mean(topic, names)));
}

Result<void> set_ttl(table::TableOptions& table, std::string_view text) {
  auto ttl = table::parse_time_to_live(text);
  if (!ttl) return fail(std::move(ttl.error()).within(table.topic));
  table.ttl = *std::move(ttl);
  return {};
}

}  // namespace

Result<Tables> table_options(const TableArguments& arguments) {
  Tables tables;
  for (const std::string& text : arguments.tables) {
    if (auto added = add_tables(text, tables); !added) return fail(std::move(added.error()));
  }
  for (const std::string& text : arguments.indexes) {
    auto of = split("--index", text, tables);
    if (!of) return fail(std::move(of.error()));
    if (of->second.empty()) return fail(ErrorCode::kInvalidArgument, fmt::format("--index {}: name a field", text));
    of->first->indexes.push_back(of->second);
  }
  for (const std::string& text : arguments.ttls) {
    auto of = split("--ttl", text, tables);
    if (!of) return fail(std::move(of.error()));
    if (auto set = set_ttl(*of->first, of->second); !set) return fail(std::move(set.error()).within("--ttl"));
  }
  return tables;
}

Result<Tables> tables_of(const provision::Desired& desired) {
  Tables tables;
  for (const provision::DesiredTopic& topic : desired.topics) {
    const auto policy = topic.configs.find("cleanup.policy");
    if (policy == topic.configs.end() || !is_compacted_policy(policy->second)) continue;
    tables.push_back({.topic = topic.name, .indexes = topic.indexes, .board = topic.board});
    if (!topic.ttl) continue;
    if (auto set = set_ttl(tables.back(), *topic.ttl); !set) return fail(std::move(set.error()));
  }
  return tables;
}

bool is_compacted_policy(std::string_view cleanup_policy) {
  return cleanup_policy.find("compact") != std::string::npos;
}

}  // namespace omashu::cli
