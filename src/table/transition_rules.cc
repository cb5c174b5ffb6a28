#include "table/transition_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace omashu::table {

namespace {

constexpr size_t kMaxRules = 1'000;
constexpr size_t kMaxVisitedFields = 100'000;

// The symbol at the path; nothing where there is null, or nothing of that enum.
avro::Transitions::State state_at(const avro::Datum* datum, const std::string& path, const avro::Node& enumeration) {
  if (datum == nullptr) return std::nullopt;
  const auto found = path.empty() ? std::optional(*datum) : datum->find_path(path);
  if (!found || &found->type() != &enumeration) return std::nullopt;
  return static_cast<size_t>(found->as_long());
}

std::optional<std::string> symbol(const avro::Node& enumeration, avro::Transitions::State state) {
  if (!state) return std::nullopt;
  return enumeration.symbols[*state];
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::string ImpossibleTransition::text() const {
  const std::string what = field.empty() ? "the value" : field;
  const std::string target = to.value_or("null");
  if (!from) return fmt::format("{} cannot begin as {}: it may begin as {}", what, target, joined(possible));
  if (possible.empty()) return fmt::format("{} cannot go from {} to {}: {} is final", what, *from, target, *from);
  return fmt::format("{} cannot go from {} to {}: from {} it may go to {}", what, *from, target, *from,
                     joined(possible));
}

// Walks the records of a schema. A record inside itself is not followed: there is no end to its paths.
class TransitionRulesBuilder {
 public:
  explicit TransitionRulesBuilder(TransitionRules& rules) : rules_(rules) {}

  Result<void> visit_root(const avro::Node& root) {
    auto transitions = avro::Transitions::of(root);
    if (!transitions) return fail(std::move(transitions.error()));
    if (*transitions) rules_.rules_.push_back({"", **std::move(transitions)});
    return visit_type(root, "");
  }

 private:
  Result<void> visit_type(const avro::Node& type, const std::string& path) {
    if (type.type == avro::Type::kUnion) {
      for (const avro::Node* branch : type.branches) {
        if (branch->type != avro::Type::kRecord) continue;
        if (auto visited = visit_type(*branch, path); !visited) return visited;
      }
    }
    if (type.type != avro::Type::kRecord || std::ranges::find(around_, &type) != around_.end()) return {};
    around_.push_back(&type);
    for (const avro::Field& field : type.fields) {
      if (auto visited = visit_field(field, path); !visited) return visited;
    }
    around_.pop_back();
    return {};
  }

  Result<void> visit_field(const avro::Field& field, const std::string& path) {
    if (++visited_fields_ > kMaxVisitedFields) return {};
    const std::string field_path = path.empty() ? field.name : path + "." + field.name;
    auto transitions = avro::Transitions::of(field);
    if (!transitions) return fail(std::move(transitions.error()).within("field " + field_path));
    if (*transitions) {
      if (rules_.rules_.size() == kMaxRules) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("the schema has more than {} fields with transitions", kMaxRules));
      }
      rules_.rules_.push_back({field_path, **std::move(transitions)});
    }
    return visit_type(*field.type, field_path);
  }

  TransitionRules& rules_;
  std::vector<const avro::Node*> around_;  // the records that the field is in
  size_t visited_fields_ = 0;
};

Result<TransitionRules> TransitionRules::compile(const avro::Schema& value) {
  TransitionRules rules;
  rules.schema_ = value;
  if (auto visited = TransitionRulesBuilder(rules).visit_root(value.root()); !visited) {
    return fail(std::move(visited.error()).within("transitions"));
  }
  return rules;
}

std::optional<ImpossibleTransition> TransitionRules::check(const avro::Datum* before, const avro::Datum& after) const {
  for (const auto& [path, transitions] : rules_) {
    const avro::Node& enumeration = transitions.enumeration();
    const auto from = state_at(before, path, enumeration), to = state_at(&after, path, enumeration);
    if (transitions.allows(from, to)) continue;
    return ImpossibleTransition{.field = path,
                                .from = symbol(enumeration, from),
                                .to = symbol(enumeration, to),
                                .possible = transitions.possible(from)};
  }
  return std::nullopt;
}

}  // namespace omashu::table
