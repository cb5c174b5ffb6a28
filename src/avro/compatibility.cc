// Avro Java's SchemaCompatibility, result for result: the registry's answers are made of it.

#include "avro/compatibility.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "avro/resolution.h"

namespace omashu::avro {

namespace {

// Bounds on what hostile schemas may cost; no other comes near. One text nests less deeply (json::kMaxDepth); only
// chains of named types go beyond.
constexpr size_t kMaxSteps = 500'000;
constexpr size_t kMaxDepth = 600;

// "RECORD", as Java's messages have it.
std::string shouted(Type type) {
  std::string name(type_name(type));
  std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return name;
}

class Checker {
 public:
  using Reasons = std::vector<Incompatibility>;

  Reasons compare(const Node& reader, const Node& writer);

 private:
  using Pair = std::pair<const Node*, const Node*>;
  struct PairHash {
    size_t operator()(const Pair& pair) const {
      return std::hash<const void*>()(pair.first) * 31 + std::hash<const void*>()(pair.second);
    }
  };

  // Adds to `reasons` what speaks against the pair at `token` below the current location.
  void compare_at(std::string token, const Node& reader, const Node& writer, Reasons& reasons);
  bool is_compatible(const Node& reader, const Node& writer);
  void calculate(const Node& reader, const Node& writer, Reasons& reasons);
  void compare_same_type(const Node& reader, const Node& writer, Reasons& reasons);
  void compare_names(const Node& reader, const Node& writer, Reasons& reasons);
  void compare_fields(const Node& reader, const Node& writer, Reasons& reasons);
  void compare_field(const Field& field, const Node& reader, const Node& writer, Reasons& reasons);
  void compare_symbols(const Node& reader, const Node& writer, Reasons& reasons);
  void compare_sizes(const Node& reader, const Node& writer, Reasons& reasons);
  void read_by_union(const Node& reader, const Node& writer, Reasons& reasons);
  void read_union_by_union(const Node& reader, const Node& writer, Reasons& reasons);

  void add(Reasons& reasons, IncompatibilityType type, std::string message) const;
  void end_with(IncompatibilityType type, std::string message);
  bool may_go_on();

  std::vector<std::string> location_;

  // A pair that is being compared counts as compatible, which ends recursion; one that was compared keeps its first
  // reasons, with the location at which they were found first.
  std::unordered_map<Pair, std::shared_ptr<const Reasons>, PairHash> known_;
  size_t steps_ = 0;
  size_t depth_ = 0;
  std::optional<Incompatibility> verdict_;  // ends the comparison, whatever else was found
};

void append(Checker::Reasons& reasons, const Checker::Reasons& more) {
  const size_t room = kMaxIncompatibilities - std::min(kMaxIncompatibilities, reasons.size());
  reasons.insert(reasons.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(std::min(room, more.size())));
}

Checker::Reasons Checker::compare(const Node& reader, const Node& writer) {
  Reasons reasons;
  compare_at("", reader, writer, reasons);
  if (verdict_) return {*verdict_};
  return reasons;
}

void Checker::compare_at(std::string token, const Node& reader, const Node& writer, Reasons& reasons) {
  location_.push_back(std::move(token));
  ++depth_;
  if (may_go_on()) {
    // Nodes of plain primitives stand for many places: comparing them anew keeps the locations right.
    if (is_primitive(reader.type) || is_primitive(writer.type)) {
      calculate(reader, writer, reasons);
    } else {
      const auto [known, added] = known_.emplace(Pair(&reader, &writer), nullptr);
      if (added) {
        auto found = std::make_shared<Reasons>();
        calculate(reader, writer, *found);
        append(reasons, *found);
        known_[Pair(&reader, &writer)] = std::move(found);
      } else if (known->second != nullptr) {
        append(reasons, *known->second);
      }
    }
  }
  --depth_;
  location_.pop_back();
}

// Whether one would do, without saying why not. As in Java, what is found below has its location from here.
bool Checker::is_compatible(const Node& reader, const Node& writer) {
  std::vector<std::string> location = std::exchange(location_, {});
  Reasons reasons;
  compare_at("", reader, writer, reasons);
  location_ = std::move(location);
  return reasons.empty();
}

void Checker::calculate(const Node& reader, const Node& writer, Reasons& reasons) {
  if (reader.type == writer.type) return compare_same_type(reader, writer, reasons);
  if (writer.type == Type::kUnion) {
    for (size_t i = 0; i < writer.branches.size(); ++i) {
      compare_at(std::to_string(i), reader, *writer.branches[i], reasons);
    }
    return;
  }
  if (reader.type == Type::kUnion) return read_by_union(reader, writer, reasons);
  if (is_promotable(writer.type, reader.type)) return;
  add(reasons, IncompatibilityType::kTypeMismatch,
      fmt::format("reader type: {} not compatible with writer type: {}", shouted(reader.type), shouted(writer.type)));
}

void Checker::compare_same_type(const Node& reader, const Node& writer, Reasons& reasons) {
  switch (reader.type) {
    case Type::kArray: return compare_at("items", *reader.items, *writer.items, reasons);
    case Type::kMap: return compare_at("values", *reader.items, *writer.items, reasons);
    case Type::kFixed: compare_names(reader, writer, reasons); return compare_sizes(reader, writer, reasons);
    case Type::kEnum: compare_names(reader, writer, reasons); return compare_symbols(reader, writer, reasons);
    case Type::kRecord: compare_names(reader, writer, reasons); return compare_fields(reader, writer, reasons);
    case Type::kUnion: return read_union_by_union(reader, writer, reasons);
    default: return;
  }
}

void Checker::read_union_by_union(const Node& reader, const Node& writer, Reasons& reasons) {
  for (size_t i = 0; i < writer.branches.size(); ++i) {
    if (is_compatible(reader, *writer.branches[i])) continue;
    location_.push_back(std::to_string(i));
    add(reasons, IncompatibilityType::kMissingUnionBranch,
        fmt::format("reader union lacking writer type: {}", shouted(writer.branches[i]->type)));
    location_.pop_back();
  }
}

void Checker::read_by_union(const Node& reader, const Node& writer, Reasons& reasons) {
  const auto reads = [&](const Node* branch) { return verdict_ || is_compatible(*branch, writer); };
  if (std::ranges::any_of(reader.branches, reads)) return;
  add(reasons, IncompatibilityType::kMissingUnionBranch,
      fmt::format("reader union lacking writer type: {}", shouted(writer.type)));
}

void Checker::compare_names(const Node& reader, const Node& writer, Reasons& reasons) {
  if (names_match(reader, writer)) return;
  location_.push_back("name");
  add(reasons, IncompatibilityType::kNameMismatch, fmt::format("expected: {}", writer.full_name));
  location_.pop_back();
}

void Checker::compare_sizes(const Node& reader, const Node& writer, Reasons& reasons) {
  if (reader.fixed_size == writer.fixed_size) return;
  location_.push_back("size");
  add(reasons, IncompatibilityType::kFixedSizeMismatch,
      fmt::format("expected: {}, found: {}", writer.fixed_size, reader.fixed_size));
  location_.pop_back();
}

void Checker::compare_symbols(const Node& reader, const Node& writer, Reasons& reasons) {
  if (reader.enum_default) return;
  std::vector<std::string_view> missing;
  for (const std::string& symbol : writer.symbols) {
    if (!reader.find_symbol(symbol)) missing.push_back(symbol);
  }
  if (missing.empty()) return;
  std::ranges::sort(missing);
  location_.push_back("symbols");
  add(reasons, IncompatibilityType::kMissingEnumSymbols, fmt::format("[{}]", fmt::join(missing, ", ")));
  location_.pop_back();
}

void Checker::compare_fields(const Node& reader, const Node& writer, Reasons& reasons) {
  location_.push_back("fields");
  for (size_t i = 0; i < reader.fields.size(); ++i) {
    location_.push_back(std::to_string(i));
    compare_field(reader.fields[i], reader, writer, reasons);
    location_.pop_back();
  }
  location_.pop_back();
}

void Checker::compare_field(const Field& field, const Node& reader, const Node& writer, Reasons& reasons) {
  const Field* source = find_writer_field(writer, field);
  if (source == nullptr) {
    if (field.default_value) return;
    // Java compares the enum with the writer's record here, and so refuses: its default is not one for the field.
    if (field.type->enum_default) return compare_at("type", *field.type, writer, reasons);
    return add(reasons, IncompatibilityType::kReaderFieldMissingDefaultValue, field.name);
  }
  // Java throws here, even where an alias is the field's own name and inside a union, and the registry refuses the
  // schema.
  const auto matches = [&](const std::string& name) { return writer.find_field(name) != nullptr; };
  if (std::ranges::count_if(field.aliases, matches) + matches(field.name) > 1) {
    return end_with(IncompatibilityType::kNameMismatch,
                    fmt::format("the field {} of {} matches several fields of {} by its name and aliases", field.name,
                                reader.full_name, writer.full_name));
  }
  compare_at("type", *field.type, *source->type, reasons);
}

void Checker::add(Reasons& reasons, IncompatibilityType type, std::string message) const {
  if (reasons.size() >= kMaxIncompatibilities) return;
  // The first token is the root's, which a JSON pointer does not name.
  const auto tokens = std::span(location_).subspan(1);
  reasons.push_back({type, fmt::format("/{}", fmt::join(tokens, "/")), std::move(message)});
}

void Checker::end_with(IncompatibilityType type, std::string message) {
  if (!verdict_) verdict_ = {type, "/", std::move(message)};
}

bool Checker::may_go_on() {
  if (++steps_ > kMaxSteps || depth_ > kMaxDepth) {
    end_with(IncompatibilityType::kTypeMismatch, "the schemas are too large, or nest too deeply, to be compared");
  }
  return !verdict_;
}

}  // namespace

std::vector<Incompatibility> find_incompatibilities(const Schema& reader, const Schema& writer) {
  return Checker().compare(reader.root(), writer.root());
}

}  // namespace omashu::avro
