#include "avro/transitions.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::avro {

namespace {

constexpr std::string_view kTransitions = "transitions";
constexpr std::string_view kInitial = "initial";

const json::Member* find_property(std::span<const json::Member> properties, std::string_view name) {
  const auto found = std::ranges::find(properties, name, &json::Member::name);
  return found == properties.end() ? nullptr : &*found;
}

struct Mistake {
  size_t offset;
  std::string message;
};

// The enum that a type is, or that is one of its branches.
const Node* enum_of(const Node& type) {
  if (type.type == Type::kEnum) return &type;
  if (type.type != Type::kUnion) return nullptr;
  const auto found = std::ranges::find(type.branches, Type::kEnum, &Node::type);
  return found == type.branches.end() ? nullptr : *found;
}

}  // namespace

// Reads the attributes of one enum or field; goes on behind a mistake.
class TransitionsParser {
 public:
  TransitionsParser(const Node& enumeration, std::vector<Mistake>& mistakes)
      : enumeration_(enumeration), mistakes_(mistakes) {}

  Transitions parse(const json::Member& transitions, const json::Member* initial) {
    Transitions parsed(enumeration_);
    const size_t null = enumeration_.symbols.size();
    parsed.following_.resize(null + 1);
    if (!transitions.value.is_object()) {
      note(transitions.value.offset(),
           R"(transitions must be an object: {"QUEUED": ["RUNNING", "CANCELLED"], …}, a list for each symbol)");
    }
    std::vector<bool> has_entry(null);
    for (const json::Member& member : transitions.value.members()) {
      const auto from = find_symbol(member.name, member.offset);
      if (!from) continue;
      if (has_entry[*from]) note(member.offset, fmt::format("{} has two entries in transitions", member.name));
      has_entry[*from] = true;
      read_list(member.value, fmt::format("transitions of {}", member.name), true, parsed.following_[*from]);
    }
    if (initial != nullptr) {
      parsed.may_begin_anywhere_ = false;
      read_list(initial->value, std::string(kInitial), false, parsed.following_[null]);
      if (initial->value.is_array() && initial->value.items().empty()) {
        note(initial->value.offset(), "initial is empty, so no row could begin: leave it out to begin with any symbol");
      }
    }
    return parsed;
  }

 private:
  void read_list(const json::Value& list, const std::string& what, bool may_have_null, std::set<size_t>& symbols) {
    if (!list.is_array()) {
      note(list.offset(), what + R"( must be a list of symbols: ["RUNNING", "CANCELLED"])");
      return;
    }
    for (const json::Value& item : list.items()) {
      if (item.is_null() && may_have_null) {
        symbols.insert(enumeration_.symbols.size());
      } else if (!item.is_string()) {
        note(item.offset(), fmt::format("{} must be a list of symbols", what));
      } else if (const auto symbol = find_symbol(item.text(), item.offset())) {
        if (!symbols.insert(*symbol).second) note(item.offset(), fmt::format("{} has {} twice", what, item.text()));
      }
    }
  }

  std::optional<size_t> find_symbol(const std::string& name, size_t offset) {
    const auto symbol = enumeration_.find_symbol(name);
    if (!symbol) {
      note(offset, fmt::format("the enum {} has no symbol {}{}", enumeration_.full_name, shown(name),
                               did_you_mean(name, enumeration_.symbols)));
    }
    return symbol;
  }

  void note(size_t offset, std::string message) { mistakes_.push_back({offset, std::move(message)}); }

  const Node& enumeration_;
  std::vector<Mistake>& mistakes_;
};

namespace {

std::optional<Transitions> parse(std::span<const json::Member> properties, const Node& type,
                                 std::vector<Mistake>& mistakes) {
  const json::Member* transitions = find_property(properties, kTransitions);
  const Node* enumeration = enum_of(type);
  if (transitions == nullptr || enumeration == nullptr) return std::nullopt;
  return TransitionsParser(*enumeration, mistakes).parse(*transitions, find_property(properties, kInitial));
}

Result<std::optional<Transitions>> without_mistakes(std::optional<Transitions> parsed,
                                                    const std::vector<Mistake>& mistakes) {
  if (mistakes.empty()) return parsed;
  return fail(ErrorCode::kInvalidArgument, mistakes.front().message);
}

}  // namespace

Result<std::optional<Transitions>> Transitions::of(const Field& field) {
  if (find_property(field.properties, kTransitions) == nullptr) return of(*field.type);
  std::vector<Mistake> mistakes;
  auto parsed = parse(field.properties, *field.type, mistakes);
  return without_mistakes(std::move(parsed), mistakes);
}

Result<std::optional<Transitions>> Transitions::of(const Node& type) {
  const Node* enumeration = enum_of(type);
  if (enumeration == nullptr) return std::nullopt;
  std::vector<Mistake> mistakes;
  auto parsed = parse(enumeration->properties, *enumeration, mistakes);
  return without_mistakes(std::move(parsed), mistakes);
}

bool Transitions::allows(State from, State to) const {
  return from == to || (!from && may_begin_anywhere_) || following_[place(from)].contains(place(to));
}

std::vector<std::string> Transitions::possible(State from) const {
  if (!from && may_begin_anywhere_) return enumeration_->symbols;
  std::vector<std::string> names;
  for (const size_t symbol : following_[place(from)]) {
    if (symbol == place(from)) continue;
    names.push_back(symbol < enumeration_->symbols.size() ? enumeration_->symbols[symbol] : "null");
  }
  return names;
}

std::vector<Error> find_transition_mistakes(const Schema& schema, std::string_view text) {
  std::vector<Mistake> mistakes;
  for (const auto& [name, node] : schema.definitions()) {
    if (node->type == Type::kEnum) (void)parse(node->properties, *node, mistakes);
    for (const Field& field : node->fields) {
      const json::Member* transitions = find_property(field.properties, kTransitions);
      if (transitions == nullptr) continue;
      if (enum_of(*field.type) == nullptr) {
        mistakes.push_back({transitions->offset, fmt::format("transitions are of enums, and the field {} is none: "
                                                             "give it an enum, or a union of null and one",
                                                             field.name)});
      }
      (void)parse(field.properties, *field.type, mistakes);
    }
  }
  std::ranges::stable_sort(mistakes, {}, &Mistake::offset);
  if (mistakes.size() > kMaxMistakes) mistakes.resize(kMaxMistakes);
  std::vector<Error> errors;
  errors.reserve(mistakes.size());
  for (Mistake& mistake : mistakes) {
    errors.push_back(
        {ErrorCode::kInvalidArgument, std::move(mistake.message), json::position_at(text, mistake.offset)});
  }
  return errors;
}

}  // namespace omashu::avro
