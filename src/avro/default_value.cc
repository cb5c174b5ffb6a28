#include "avro/default_value.h"

#include <fmt/core.h>

#include <functional>
#include <limits>
#include <unordered_map>
#include <utility>

#include "avro/java_number.h"
#include "base/utf8.h"

namespace omashu::avro {

namespace {

// Bounds on what a hostile schema may cost; no other comes near.
constexpr size_t kMaxSteps = 20'000'000;
constexpr size_t kMaxDepth = 600;

// The length of a text whose characters stand for bytes, or nothing where one is above U+00FF.
std::optional<size_t> byte_string_length(std::string_view text) {
  size_t length = 0;
  while (!text.empty()) {
    const size_t character = utf8_character_length(text);
    const auto lead = static_cast<unsigned char>(text.front());
    if (character == 0 || character > 2 || lead > 0xc3) return std::nullopt;  // U+00FF is C3 BF
    text.remove_prefix(character);
    ++length;
  }
  return length;
}

std::string expected_value(const Node& type) {
  switch (type.type) {
    case Type::kNull: return "null";
    case Type::kBoolean: return "true or false";
    case Type::kInt: return "a whole number of 32 bits";
    case Type::kLong: return "a whole number of 64 bits";
    case Type::kFloat:
    case Type::kDouble: return "a number";
    case Type::kBytes: return "a string of characters up to U+00FF";
    case Type::kString: return "a string";
    case Type::kRecord: return fmt::format("an object with the fields of {}", type.full_name);
    case Type::kEnum: return fmt::format("a symbol of {}", type.full_name);
    case Type::kFixed: return fmt::format("a string of {} characters up to U+00FF", type.fixed_size);
    case Type::kArray: return "an array";
    case Type::kMap: return "an object";
    case Type::kUnion: return "a value that suits a branch of the union";
  }
  return "another value";
}

class DefaultChecker {
 public:
  explicit DefaultChecker(const std::unordered_set<const Node*>& unknown) : unknown_(unknown) {}

  // False where wrong() tells what is wrong with the default of that field, or of one that it leaves out.
  bool check_field(const Field& field);
  DefaultError take_wrong() { return *std::exchange(wrong_, std::nullopt); }
  bool is_out_of_bounds() const { return out_of_bounds_; }

 private:
  enum class State : uint8_t { kInProgress, kSuits };

  struct PairHash {
    size_t operator()(const std::pair<const Node*, const json::Value*>& pair) const {
      return std::hash<const void*>()(pair.first) * 31 + std::hash<const void*>()(pair.second);
    }
  };

  bool suits(const json::Value& value, const Node& type);
  bool suits_scalar(const json::Value& value, const Node& type) const;
  bool suits_record(const json::Value& value, const Node& record);
  bool suits_union(const json::Value& value, const Node& type);
  bool refuse(const json::Value& value, std::string message);
  bool within_bounds(const json::Value& value, size_t steps);

  const std::unordered_set<const Node*>& unknown_;
  const Field* field_ = nullptr;  // whose default is being checked
  std::unordered_map<const Field*, State> fields_;
  // A value in a union is tried against several branches, and so are the values in it: each is judged once.
  std::unordered_map<std::pair<const Node*, const json::Value*>, bool, PairHash> unions_;
  size_t steps_ = 0;
  size_t depth_ = 0;
  bool out_of_bounds_ = false;
  std::optional<DefaultError> wrong_;
};

bool DefaultChecker::check_field(const Field& field) {
  const auto [known, added] = fields_.emplace(&field, State::kInProgress);
  if (!added) {
    if (known->second == State::kSuits) return true;
    return refuse(*field.default_value, fmt::format("the default of the field {} contains itself without end: give the "
                                                    "fields that it leaves out",
                                                    field.name));
  }
  const Field* const outer = std::exchange(field_, &field);
  const Type type = field.type->type;
  // Text for a float or a double was read by number_of_text.
  const bool is_number_text = (type == Type::kFloat || type == Type::kDouble) && field.default_value->is_string();
  const bool good = is_number_text || suits(*field.default_value, *field.type);
  field_ = outer;
  if (good) {
    fields_[&field] = State::kSuits;
  } else {
    fields_.erase(&field);  // another branch of a union may still do, but this field must be refused in its own turn
  }
  return good;
}

bool DefaultChecker::suits(const json::Value& value, const Node& type) {
  if (!within_bounds(value, 1)) return false;
  if (unknown_.contains(&type)) return true;
  ++depth_;
  bool good = true;
  switch (type.type) {
    case Type::kRecord: good = suits_record(value, type); break;
    case Type::kUnion: good = suits_union(value, type); break;
    case Type::kArray:
      good = value.is_array();
      for (size_t i = 0; good && i < value.items().size(); ++i) good = suits(value.items()[i], *type.items);
      break;
    case Type::kMap:
      good = value.is_object();
      for (size_t i = 0; good && i < value.members().size(); ++i) good = suits(value.members()[i].value, *type.items);
      break;
    default: good = suits_scalar(value, type);
  }
  --depth_;
  return good || refuse(value, fmt::format("the default of the field {} does not suit its type: expected {}",
                                           field_->name, expected_value(type)));
}

bool DefaultChecker::suits_scalar(const json::Value& value, const Node& type) const {
  switch (type.type) {
    case Type::kNull: return value.is_null();
    case Type::kBoolean: return value.is_boolean();
    case Type::kInt: return value.as_int64() && std::in_range<int32_t>(*value.as_int64());
    case Type::kLong: return value.as_int64().has_value();
    case Type::kFloat:
    case Type::kDouble: return value.is_number();
    case Type::kString: return value.is_string();
    case Type::kBytes: return value.is_string() && byte_string_length(value.text());
    case Type::kFixed: return value.is_string() && byte_string_length(value.text()) == type.fixed_size;
    case Type::kEnum: return value.is_string() && type.find_symbol(value.text());
    default: return false;
  }
}

bool DefaultChecker::suits_record(const json::Value& value, const Node& record) {
  if (!value.is_object()) return false;
  for (const Field& field : record.fields) {
    if (!within_bounds(value, value.members().size())) return false;
    if (const json::Value* given = value.find(field.name)) {
      if (!suits(*given, *field.type)) return false;
    } else if (!field.default_value) {
      return refuse(value,
                    fmt::format("the default of the field {} lacks the field {} of {}, which has no default of its "
                                "own",
                                field_->name, field.name, record.full_name));
    } else if (!check_field(field)) {
      return false;
    }
  }
  return true;
}

bool DefaultChecker::suits_union(const json::Value& value, const Node& type) {
  const auto key = std::pair(&type, &value);
  if (const auto known = unions_.find(key); known != unions_.end()) return known->second;
  bool good = false;
  for (size_t i = 0; !good && !out_of_bounds_ && i < type.branches.size(); ++i) {
    good = suits(value, *type.branches[i]);
    if (!out_of_bounds_) wrong_.reset();  // what is wrong for one branch may be right for the next
  }
  unions_.emplace(key, good);
  return good;
}

// The first refusal is the innermost one: it names the value that is wrong, not the whole that holds it.
bool DefaultChecker::refuse(const json::Value& value, std::string message) {
  if (!wrong_) wrong_ = {value.offset(), std::move(message)};
  return false;
}

bool DefaultChecker::within_bounds(const json::Value& value, size_t steps) {
  steps_ += steps;
  if (steps_ <= kMaxSteps && depth_ < kMaxDepth) return true;
  out_of_bounds_ = true;
  return refuse(value, "the defaults of this schema nest too deeply, or are too many, to be checked");
}

}  // namespace

std::vector<DefaultError> check_defaults(std::span<const Node* const> records,
                                         const std::unordered_set<const Node*>& unknown) {
  DefaultChecker checker(unknown);
  std::vector<DefaultError> wrong;
  std::unordered_set<size_t> told;  // a default that others rest on is wrong once
  for (const Node* record : records) {
    for (const Field& field : record->fields) {
      if (!field.default_value || checker.check_field(field)) continue;
      DefaultError error = checker.take_wrong();
      if (told.insert(error.offset).second) wrong.push_back(std::move(error));
      if (checker.is_out_of_bounds()) return wrong;
    }
  }
  return wrong;
}

std::optional<json::Value> number_of_text(const json::Value& text) {
  if (text.text() == "NaN" || text.text() == "Infinity" || text.text() == "-Infinity") return text;
  const Result<json::Value> number = json::parse(text.text());
  if (!number || !number->is_number()) return std::nullopt;
  const Result<json::Value> respelled = json::parse(java_double_text(double_of_spelling(number->text())));
  return respelled ? std::optional(*respelled) : std::nullopt;
}

}  // namespace omashu::avro
