#include "service/write/preconditions.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"
#include "table/position_set.h"

namespace omashu::service {

namespace {

constexpr std::string_view kIfMatch = "If-Match", kIfNoneMatch = "If-None-Match";

void skip_blanks_and_commas(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
}

// Takes `"…"` from the beginning: any character but quotes and controls.
std::optional<std::string> take_opaque_tag(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  const size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view tag = text.substr(0, end + 1);
  if (std::ranges::any_of(tag, [](unsigned char c) { return c <= 0x20 || c == 0x7f; })) return std::nullopt;
  text.remove_prefix(tag.size());
  return std::string(tag);
}

}  // namespace

std::string entity_tag(std::string_view topic, const table::Position& position) {
  return '"' + table::position_text(topic, position) + '"';
}

Answer<std::optional<Preconditions::Tags>> Preconditions::parse_field(const http::Request& request,
                                                                      std::string_view name,
                                                                      std::string_view shown_name) {
  std::optional<Tags> tags;
  for (const http::Field& field : request.fields) {
    if (field.name != name) continue;
    if (!tags) tags = Tags();
    std::string_view rest = field.value;
    for (skip_blanks_and_commas(rest); !rest.empty(); skip_blanks_and_commas(rest)) {
      if (rest.starts_with('*')) {
        tags->is_any = true;
        rest.remove_prefix(1);
      } else {
        const bool is_weak = rest.starts_with("W/");
        if (is_weak) rest.remove_prefix(2);
        auto tag = take_opaque_tag(rest);
        if (!tag) {
          return refuse(ProblemType::kMalformedRequest,
                        fmt::format("{}: {} is no entity tag: give the ETag of the row with its quotes, "
                                    "\"status-download-2-17\", or *",
                                    shown_name, shown(rest)));
        }
        tags->tags.push_back({*std::move(tag), is_weak});
      }
      if (!rest.empty() && rest.find_first_not_of(" \t") != std::string_view::npos &&
          rest[rest.find_first_not_of(" \t")] != ',') {
        return refuse(ProblemType::kMalformedRequest,
                      fmt::format("{}: entity tags are separated by commas", shown_name));
      }
    }
    if (tags->is_any && !tags->tags.empty()) {
      return refuse(ProblemType::kMalformedRequest, fmt::format("{} is * or a list of entity tags", shown_name));
    }
  }
  if (tags && !tags->is_any && tags->tags.empty()) {
    return refuse(ProblemType::kMalformedRequest, fmt::format("{} is empty: give an entity tag, or *", shown_name));
  }
  return tags;
}

Answer<Preconditions> Preconditions::parse(const http::Request& request) {
  auto match = parse_field(request, "if-match", kIfMatch);
  if (!match) return refuse(std::move(match.error()));
  auto none_match = parse_field(request, "if-none-match", kIfNoneMatch);
  if (!none_match) return refuse(std::move(none_match.error()));
  Preconditions conditions;
  conditions.match_ = *std::move(match);
  conditions.none_match_ = *std::move(none_match);
  return conditions;
}

std::optional<Problem> Preconditions::check(std::string_view topic, const RowPtr& row) const {
  const bool exists = is_there(row);
  const std::string tag = exists ? entity_tag(topic, row->position) : "";
  const auto refused = [&](std::string detail) {
    Problem problem{.type = ProblemType::kPreconditionFailed, .detail = std::move(detail)};
    if (exists) {
      problem.members.push_back({"position", table::position_text(topic, row->position)});
      problem.fields.push_back({"ETag", tag});
    }
    return problem;
  };
  if (match_) {
    const auto is_match = [&](const Tag& one) { return exists && !one.is_weak && one.text == tag; };
    if (match_->is_any ? !exists : !std::ranges::any_of(match_->tags, is_match)) {
      return refused(exists ? fmt::format("the row comes from {}, which If-Match does not name: read it again",
                                          table::position_text(topic, row->position))
                            : "there is no row that If-Match could mean");
    }
  }
  if (none_match_) {
    const auto is_match = [&](const Tag& one) { return exists && one.text == tag; };
    if (none_match_->is_any ? exists : std::ranges::any_of(none_match_->tags, is_match)) {
      return refused(fmt::format("the row is there already, from {}", table::position_text(topic, row->position)));
    }
  }
  return std::nullopt;
}

std::vector<table::Position> Preconditions::positions(std::string_view topic) const {
  std::vector<table::Position> positions;
  if (!match_) return positions;
  for (const Tag& tag : match_->tags) {
    const auto parsed = table::parse_position_set(std::string_view(tag.text).substr(1, tag.text.size() - 2));
    if (!parsed || parsed->topic != topic || parsed->offsets.size() != 1) continue;
    positions.push_back({.partition = parsed->offsets.begin()->first, .offset = parsed->offsets.begin()->second});
  }
  return positions;
}

}  // namespace omashu::service
