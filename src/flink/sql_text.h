// Words of Flink SQL.

#pragma once

#include <string>
#include <string_view>

namespace omashu::flink {

// In backticks, those inside doubled.
std::string sql_name(std::string_view name);

// In single quotes, those inside doubled: Flink SQL knows no other escape in a literal.
std::string sql_literal(std::string_view text);

}  // namespace omashu::flink
