#include "table/aggregation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace omashu::table {

namespace {

using avro::Type;

std::string_view function_name(AggregateFunction function) {
  switch (function) {
    case AggregateFunction::kSum: return "sum";
    case AggregateFunction::kAverage: return "avg";
    case AggregateFunction::kMin: return "min";
    case AggregateFunction::kMax: return "max";
  }
  return "";
}

std::string type_text(const avro::Node& type) {
  if (type.logical_type != avro::LogicalType::kNone) return std::string(logical_type_name(type.logical_type));
  return std::string(avro::type_name(type.type));
}

std::unexpected<Error> refuse(const FieldPath& path, const avro::Node& type, std::string_view why) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("{} is of type {}: {}", path.text(), type_text(type), why));
}

// A value without parts, as plain JSON has it.
std::string plain_json(const avro::Datum& datum) {
  const avro::Node& type = datum.type();
  std::string text = datum.text().value_or("");
  const bool is_number = type.type == Type::kInt || type.type == Type::kLong || type.type == Type::kFloat ||
                         type.type == Type::kDouble || type.type == Type::kBoolean;
  const auto parsed = is_number ? json::parse(text) : Result<json::Value>(json::Value());
  if (is_number && parsed && !parsed->is_string()) return text;
  std::string out;
  if (type.type == Type::kBytes || type.type == Type::kFixed) {
    if (type.logical_type == avro::LogicalType::kNone) {
      std::string characters;  // a byte is the character of its number
      for (const char byte : text) {
        const auto c = static_cast<unsigned char>(byte);
        if (c >= 0x80) characters += static_cast<char>(0xc0 | (c >> 6));
        characters += c >= 0x80 ? static_cast<char>(0x80 | (c & 0x3f)) : byte;
      }
      text = std::move(characters);
    }
  }
  json::append_quoted(out, text);
  return out;
}

void append_count(std::string& out, size_t count) {
  const auto number = static_cast<uint32_t>(count);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

uint32_t take_count(std::string_view& bytes) {
  uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

}  // namespace

std::string Aggregate::name() const { return fmt::format("{}({})", function_name(function), path.text()); }

Result<Aggregation::Source> Aggregation::make_source(const FieldPath& path, const FilterSchemas& schemas) {
  Source source{.path = path};
  const FieldPath::Step& first = path.steps().front();
  if (!first.is_quoted && !first.index && first.name == "key") {
    source.is_key = true;
    source.path = path.without_first();
  }
  const auto& schema = source.is_key ? schemas.key : schemas.value;
  if (!schema) return source;
  auto compiled = SchemaPath::compile(source.path, schema->root());
  if (!compiled) return fail(std::move(compiled.error()));
  source.schema_path = *std::move(compiled);
  for (const avro::Node* type : source.schema_path->types()) {
    if (type->type == Type::kRecord || type->type == Type::kMap) {
      return refuse(path, *type, "name one of its fields");
    }
    if (type->type == Type::kInt || type->type == Type::kLong) source.logical_type = type->logical_type;
  }
  return source;
}

Result<Aggregation> Aggregation::make(const std::vector<FieldPath>& by, const std::vector<Aggregate>& aggregates,
                                      const FilterSchemas& schemas) {
  Aggregation made;
  made.schemas_ = schemas;
  made.aggregates_ = aggregates;
  for (const FieldPath& path : by) {
    auto source = make_source(path, schemas);
    if (!source) return fail(std::move(source.error()).within("--by"));
    made.by_.push_back(*std::move(source));
  }
  for (const Aggregate& aggregate : aggregates) {
    const std::string option = fmt::format("--{}", function_name(aggregate.function));
    auto source = make_source(aggregate.path, schemas);
    if (!source) return fail(std::move(source.error()).within(option));
    const bool adds =
        aggregate.function == AggregateFunction::kSum || aggregate.function == AggregateFunction::kAverage;
    if (source->schema_path) {
      for (const avro::Node* type : source->schema_path->types()) {
        if (adds ? can_be_added(*type) : can_be_ordered(*type)) continue;
        auto refused = refuse(aggregate.path, *type,
                              adds ? "only numbers and decimals can be added"
                                   : "only numbers, decimals, dates, times and texts have a least and a greatest");
        return fail(std::move(refused.error()).within(option));
      }
    }
    made.sources_.push_back(*std::move(source));
  }
  return made;
}

// visit(const Datum*, const json::Value*): neither for null.
template <class Visit>
void Aggregation::visit_values(const Source& source, const FilterPart& key, const FilterPart& value,
                               const Visit& visit) {
  const FilterPart& part = source.is_key ? key : value;
  if (part.datum != nullptr && source.schema_path) {
    source.schema_path->any(*part.datum, [&](const std::optional<avro::Datum>& found) {
      visit(found ? &*found : nullptr, nullptr);
      return false;
    });
  } else if (part.json != nullptr) {
    for (const json::Value* found : source.path.find_all(*part.json)) {
      visit(nullptr, found->is_null() ? nullptr : found);
    }
  } else {
    visit(nullptr, nullptr);
  }
}

void Aggregation::append_contribution(const FilterPart& key, const FilterPart& value, std::string& out) const {
  // The combinations of the values of all --by, each as a text of JSON lines: quoted texts hold no line end.
  std::vector<std::string> groups = {""};
  for (const Source& source : by_) {
    std::vector<std::string> extended;
    visit_values(source, key, value, [&](const avro::Datum* datum, const json::Value* json) {
      const std::string text = datum != nullptr ? plain_json(*datum) : json != nullptr ? json::to_text(*json) : "null";
      for (const std::string& group : groups) extended.push_back(group + text + "\n");
    });
    groups = std::move(extended);
  }
  append_count(out, groups.size());
  for (const std::string& group : groups) {
    append_count(out, group.size());
    out += group;
  }
  for (const Source& source : sources_) {
    std::string values;
    size_t count = 0;
    visit_values(source, key, value, [&](const avro::Datum* datum, const json::Value* json) {
      const auto found = datum != nullptr  ? aggregate_value(*datum)
                         : json != nullptr ? aggregate_value(*json)
                                           : std::nullopt;
      if (!found) return;
      append_value(*found, values);
      ++count;
    });
    append_count(out, count);
    out += values;
  }
}

void AggregateTotals::add(std::string_view bytes) {
  std::vector<Totals*> groups;
  for (uint32_t left = take_count(bytes); left > 0; --left) {
    const uint32_t size = take_count(bytes);
    std::vector<std::string> by;
    std::string_view text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    while (!text.empty()) {
      const size_t end = text.find('\n');
      by.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    Totals& totals = groups_[std::move(by)];
    totals.aggregates.resize(aggregation_.aggregates().size());
    ++totals.count;
    groups.push_back(&totals);
  }
  for (size_t i = 0; i < aggregation_.aggregates().size(); ++i) {
    for (uint32_t left = take_count(bytes); left > 0; --left) {
      const AggregateValue value = take_value(bytes);
      for (Totals* totals : groups) totals->aggregates[i].add(value);
    }
  }
}

std::vector<AggregateTotals::Group> AggregateTotals::groups() const {
  std::vector<Group> groups;
  for (const auto& [by, totals] : groups_) {
    Group& group = groups.emplace_back(Group{.by = by, .count = totals.count, .aggregates = {}});
    for (size_t i = 0; i < totals.aggregates.size(); ++i) {
      const AggregateTotal& total = totals.aggregates[i];
      const avro::LogicalType type = aggregation_.sources_[i].logical_type;
      switch (aggregation_.aggregates_[i].function) {
        case AggregateFunction::kSum: group.aggregates.push_back(total.sum()); break;
        case AggregateFunction::kAverage: group.aggregates.push_back(total.average()); break;
        case AggregateFunction::kMin: group.aggregates.push_back(total.min(type)); break;
        case AggregateFunction::kMax: group.aggregates.push_back(total.max(type)); break;
      }
    }
  }
  std::ranges::stable_sort(groups, std::greater(), &Group::count);
  return groups;
}

std::vector<std::string> AggregateTotals::wide_sums() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < aggregation_.aggregates_.size(); ++i) {
    if (aggregation_.aggregates_[i].function != AggregateFunction::kSum) continue;
    const bool is_wide =
        std::ranges::any_of(groups_, [i](const auto& group) { return group.second.aggregates[i].is_wide(); });
    if (is_wide) names.push_back(aggregation_.aggregates_[i].name());
  }
  return names;
}

}  // namespace omashu::table
