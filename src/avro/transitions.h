// Which symbol of an enum may follow which: the attributes "transitions" and "initial" of an enum, or of a field whose
// type is one or a union that has one. A field's own go before its type's. Avro itself gives them no meaning.
//
//   {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["QUEUED", "RUNNING", "DONE"]},
//    "transitions": {"QUEUED": ["RUNNING"], "RUNNING": ["DONE", "QUEUED"]}, "initial": ["QUEUED"]}
//
//   - A value may always stay what it is: a row is written again while it is RUNNING.
//   - A symbol without an entry is final: nothing follows it.
//   - "initial" lists what a row may begin with, also after it was deleted; without it any symbol may.
//   - A null, where the type has one, means that there is no symbol yet: what may be first may follow it, and a symbol
//     may become null only where its list has a null.
//
// "initial" without "transitions" means nothing.

#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

class Transitions {
 public:
  // The index of a symbol; nothing: null, or no value at all.
  using State = std::optional<size_t>;

  // Nothing where neither the field nor its enum has transitions. An error where they are not well formed.
  static Result<std::optional<Transitions>> of(const Field& field);
  // Of a type that no field has: a schema's root.
  static Result<std::optional<Transitions>> of(const Node& type);

  const Node& enumeration() const { return *enumeration_; }  // whose symbols they are

  bool allows(State from, State to) const;
  // What `from` may become, beside what it is: symbols in their order, and null.
  std::vector<std::string> possible(State from) const;

 private:
  friend class TransitionsParser;
  explicit Transitions(const Node& enumeration) : enumeration_(&enumeration) {}

  size_t place(State state) const { return state.value_or(enumeration_->symbols.size()); }

  const Node* enumeration_;
  std::vector<std::set<size_t>> following_;  // by what they follow; null is behind the symbols
  bool may_begin_anywhere_ = true;
};

// What is wrong with the transitions that the schema's own text has, each at its place, at most kMaxMistakes. `text` is
// what the schema was parsed from.
std::vector<Error> find_transition_mistakes(const Schema& schema, std::string_view text);

}  // namespace omashu::avro
