// Names of tables, columns and types as PostgreSQL takes them in a statement. They are always quoted, so that they mean
// what the schema says: upper case, dashes and reserved words included.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::sink::postgres {

inline constexpr size_t kMaxNameBytes = 63;  // NAMEDATALEN - 1

// "a""b": an identifier. The text holds no NUL.
std::string quoted(std::string_view name);

// 'it''s': a string constant, whatever standard_conforming_strings says. The text holds no NUL.
std::string quoted_text(std::string_view text);

// A name that PostgreSQL keeps as it is. One that is longer than 63 bytes keeps its beginning and takes the first eight
// hexadecimal digits of its SHA-256 as its end; the name of a system column ("xmin") takes an underscore behind it.
std::string usable_name(std::string_view name);

struct TableName {
  std::string schema;  // "" where the connection's search_path says
  std::string name;

  // `downloads`, `public.downloads`; a part with a dot in it stands in double quotes, which double inside. Nothing is
  // folded to lower case.
  static Result<TableName> parse(std::string_view text);

  std::string quoted() const;                                // "public"."downloads"
  std::string quoted_sibling(std::string_view other) const;  // another name in the same schema
};

}  // namespace omashu::sink::postgres
