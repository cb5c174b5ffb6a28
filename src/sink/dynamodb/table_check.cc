#include "sink/dynamodb/table_check.h"

#include <fmt/core.h>

#include "base/json.h"

namespace omashu::sink::dynamodb {

namespace {

Result<KeyAttribute> match(const std::string& table, const TableDescription::Attribute& attribute,
                           const KeySource& source, std::string_view option) {
  if (!source.attribute.empty() && source.attribute != attribute.name) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the table {} has the key attribute {} where {} names {}",
                                                         table, attribute.name, option, source.attribute));
  }
  if (source.default_type() == 'N' && attribute.type == 'B') {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("the key attribute {} of the table {} is of type B, which {} cannot fill", attribute.name,
                            table, option));
  }
  return KeyAttribute{attribute.name, attribute.type, source};
}

json::Value named(std::string_view name, std::string_view type_name, std::string_view type) {
  json::Value value = json::Value::object();
  value.add("AttributeName", name);
  value.add(std::string(type_name), type);
  return value;
}

}  // namespace

Result<TableKey> match_key(const std::string& table, const TableDescription& description, const KeySource& hash,
                           const std::optional<KeySource>& sort) {
  const bool has_sort = !description.sort.name.empty();
  if (has_sort && !sort) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the table {} has the sort key {}: say with --sort what it is",
                                                         table, description.sort.name));
  }
  if (!has_sort && sort) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("the table {} has no sort key, so --sort has no place in it", table));
  }
  Result<KeyAttribute> hash_attribute = match(table, description.hash, hash, "--hash");
  if (!hash_attribute) return fail(std::move(hash_attribute.error()));
  TableKey key{*std::move(hash_attribute), std::nullopt};
  if (!sort) return key;
  Result<KeyAttribute> sort_attribute = match(table, description.sort, *sort, "--sort");
  if (!sort_attribute) return fail(std::move(sort_attribute.error()));
  key.sort = *std::move(sort_attribute);
  return key;
}

Statement describe_table(const std::string& table) {
  json::Value body = json::Value::object();
  body.add("TableName", table);
  return {"DescribeTable", json::to_text(body)};
}

Statement create_table(const std::string& table, const KeySource& hash, const std::optional<KeySource>& sort) {
  json::Value attributes = json::Value::array();
  json::Value schema = json::Value::array();
  const auto add = [&](const KeySource& source, const char* key_type) {
    const std::string name = source.default_attribute();
    attributes.append(named(name, "AttributeType", std::string(1, source.default_type())));
    schema.append(named(name, "KeyType", key_type));
  };
  add(hash, "HASH");
  if (sort) add(*sort, "RANGE");
  json::Value body = json::Value::object();
  body.add("TableName", table);
  body.add("AttributeDefinitions", std::move(attributes));
  body.add("KeySchema", std::move(schema));
  body.add("BillingMode", "PAY_PER_REQUEST");
  return {"CreateTable", json::to_text(body)};
}

Statement enable_ttl(const std::string& table, const std::string& attribute) {
  json::Value specification = json::Value::object();
  specification.add("Enabled", true);
  specification.add("AttributeName", attribute);
  json::Value body = json::Value::object();
  body.add("TableName", table);
  body.add("TimeToLiveSpecification", std::move(specification));
  return {"UpdateTimeToLive", json::to_text(body)};
}

}  // namespace omashu::sink::dynamodb
