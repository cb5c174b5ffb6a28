#include "service/request_check.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/nearest.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace omashu::service {

namespace {

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The next member of a query, which it takes off.
std::string_view take_member(std::string_view& query) {
  const std::string_view member = query.substr(0, query.find('&'));
  query.remove_prefix(std::min(member.size() + 1, query.size()));
  return member;
}

// Of a pattern: "table" and "key" of "/v1/tables/{table}/rows/{key}".
std::vector<std::string> names_in(std::string_view pattern) {
  std::vector<std::string> names;
  for (size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    names.emplace_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
  }
  return names;
}

// Without its parameters, in small letters.
std::string bare_media_type(std::string_view field) {
  std::string type(field.substr(0, field.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::ranges::transform(type, type.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return type;
}

}  // namespace

Result<RequestCheck> RequestCheck::make(const Operation& operation) {
  RequestCheck check;
  std::vector<std::string> in_path = names_in(operation.pattern);
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place == Parameter::Place::kPath) {
      if (std::erase(in_path, parameter.name) == 0) {
        return fail(ErrorCode::kInternal, fmt::format("{}: the path has no {}", operation.id, parameter.name));
      }
    } else if (parameter.place == Parameter::Place::kQuery) {
      auto rule = make_rule(parameter);
      if (!rule) return fail(std::move(rule.error()).within(operation.id));
      check.names_.push_back(rule->name);
      check.rules_.push_back(*std::move(rule));
    }
  }
  if (!in_path.empty()) {
    return fail(ErrorCode::kInternal, fmt::format("{}: {} is not declared", operation.id, in_path.front()));
  }
  for (const Content& content : operation.request) check.media_types_.push_back(content.media_type);
  return check;
}

Result<RequestCheck::Rule> RequestCheck::make_rule(const Parameter& parameter) {
  auto schema = json::parse(parameter.schema);
  if (!schema) return fail(std::move(schema.error()).within(parameter.name));
  Rule rule{.name = parameter.name, .is_required = parameter.is_required, .is_repeated = parameter.is_repeated};
  const auto text_of = [&](const char* member) {
    const json::Value* value = schema->find(member);
    return value != nullptr && value->is_string() ? value->text() : std::string();
  };
  const auto number_of = [&](const char* member) -> std::optional<int64_t> {
    const json::Value* value = schema->find(member);
    return value == nullptr ? std::nullopt : value->as_int64();
  };
  if (const std::string type = text_of("type"); type == "integer") {
    rule.type = Rule::Type::kInteger;
  } else if (type == "boolean") {
    rule.type = Rule::Type::kBoolean;
  } else if (type != "string") {
    return fail(ErrorCode::kInternal, fmt::format("{}: no type that a query can have", parameter.name));
  }
  if (const json::Value* choices = schema->find("enum"); choices != nullptr) {
    for (const json::Value& choice : choices->items()) rule.choices.push_back(choice.text());
  }
  rule.minimum = number_of("minimum");
  rule.maximum = number_of("maximum");
  rule.min_length = static_cast<size_t>(number_of("minLength").value_or(0));
  rule.max_length = static_cast<size_t>(number_of("maxLength").value_or(kMaxValueBytes));
  return rule;
}

std::optional<Problem> RequestCheck::check(const http::Request& request) const {
  const std::string_view query = request.query();
  if (!query.empty() || !rules_.empty()) {
    if (auto problem = check_query(query)) return problem;
  }
  return check_body(request);
}

std::optional<Problem> RequestCheck::check_query(std::string_view query) const {
  std::vector<const Rule*> seen;
  for (size_t count = 0; !query.empty(); ++count) {
    if (count == kMaxQueryMembers) {
      return Problem{.type = ProblemType::kMalformedRequest,
                     .detail = fmt::format("the query has more than {} members", kMaxQueryMembers)};
    }
    const std::string_view member = take_member(query);
    if (member.empty()) continue;
    const size_t equals = std::min(member.find('='), member.size());
    const auto name = http::percent_decoded(member.substr(0, equals), true);
    const auto value = http::percent_decoded(member.substr(std::min(equals + 1, member.size())), true);
    if (!name || !value || !is_valid_utf8(*name) || !is_valid_utf8(*value)) {
      return Problem{.type = ProblemType::kMalformedRequest,
                     .detail = fmt::format("{} in the query is not percent-encoded UTF-8: write a percent sign itself "
                                           "as %25",
                                           shown(member))};
    }
    const auto rule = std::ranges::find(rules_, *name, &Rule::name);
    if (rule == rules_.end()) {
      return Problem{
          .type = ProblemType::kUnknownParameter,
          .detail = fmt::format("{} is no parameter of this operation{}", shown(*name), did_you_mean(*name, names_))};
    }
    if (!rule->is_repeated && std::ranges::find(seen, &*rule) != seen.end()) {
      return Problem{.type = ProblemType::kInvalidParameter,
                     .detail = fmt::format("{} is given twice: give it once", rule->name)};
    }
    if (auto wrong = wrong_in(*rule, *value)) {
      return Problem{.type = ProblemType::kInvalidParameter, .detail = fmt::format("{}: {}", rule->name, *wrong)};
    }
    seen.push_back(&*rule);
  }
  for (const Rule& rule : rules_) {
    if (rule.is_required && std::ranges::find(seen, &rule) == seen.end()) {
      return Problem{.type = ProblemType::kInvalidParameter,
                     .detail = fmt::format("{} is missing: give ?{}=…", rule.name, rule.name)};
    }
  }
  return std::nullopt;
}

std::optional<std::string> RequestCheck::wrong_in(const Rule& rule, const std::string& value) {
  if (value.size() > rule.max_length) {
    return fmt::format("{} bytes, and at most {} are taken", value.size(), rule.max_length);
  }
  if (value.size() < rule.min_length) return "it must not be empty";
  if (!rule.choices.empty() && std::ranges::find(rule.choices, value) == rule.choices.end()) {
    return fmt::format("{} must be one of {}{}", shown(value), fmt::join(rule.choices, ", "),
                       did_you_mean(value, rule.choices));
  }
  if (rule.type == Rule::Type::kBoolean && value != "true" && value != "false") {
    return fmt::format("{} must be true or false", shown(value));
  }
  if (rule.type != Rule::Type::kInteger) return std::nullopt;
  const auto number = parse_integer(value);
  if (!number) return fmt::format("{} must be a whole number", shown(value));
  if (rule.minimum && *number < *rule.minimum) return fmt::format("{} must be at least {}", *number, *rule.minimum);
  if (rule.maximum && *number > *rule.maximum) return fmt::format("{} must be at most {}", *number, *rule.maximum);
  return std::nullopt;
}

// What browsers send of forms without asking first is none of the types that operations take.
std::optional<Problem> RequestCheck::check_body(const http::Request& request) const {
  if (media_types_.empty()) return std::nullopt;
  const std::string_view field = request.field("content-type");
  if (field.empty() && request.body.empty()) return std::nullopt;  // the operation says what is missing
  const std::string type = bare_media_type(field);
  if (std::ranges::find(media_types_, type) != media_types_.end()) return std::nullopt;
  return Problem{.type = ProblemType::kUnsupportedMediaType,
                 .detail = fmt::format("{}: send {}, and say so in Content-Type",
                                       field.empty() ? "the body has no media type" : shown(field),
                                       fmt::join(media_types_, " or "))};
}

}  // namespace omashu::service
