// Templates for the text of a record, with kcat's letters:
//
//   %t topic        %k key (empty where there is none)    %K its bytes' number, -1 where there is none
//   %p partition    %v or %s value                        %S its bytes' number, -1 for a tombstone
//   %o offset       %h headers: name=value,name=value     %T timestamp in milliseconds, -1 where there is none
//   %% a percent sign
//
// \n \t \r \0 \\ and \xHH are what they are in C. Nothing is put behind a record that the template does not say.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::cli {

class RecordTemplate {
 public:
  // Errors say the column.
  static Result<RecordTemplate> parse(std::string_view text);

  // Whether the record's key or value is asked for, and so has to be decoded. Their lengths are not.
  bool has_key() const { return has(Field::kKey); }
  bool has_value() const { return has(Field::kValue); }

  // `key` and `value` are the decoded texts.
  void append(const kafka::Message& message, const std::optional<std::string>& key,
              const std::optional<std::string>& value, std::string& out) const;

 private:
  enum class Field : uint8_t {
    kText,
    kTopic,
    kPartition,
    kOffset,
    kKey,
    kValue,
    kKeySize,
    kValueSize,
    kTimestamp,
    kHeaders,
  };
  struct Piece {
    Field field = Field::kText;
    std::string text;
  };

  static std::optional<Field> field_of(char letter);
  bool has(Field field) const;
  void add_text(std::string_view text);

  std::vector<Piece> pieces_;
};

// Whether --output means a template rather than the name of a form.
inline bool is_record_template(std::string_view text) { return text.find_first_of("%\\") != std::string_view::npos; }

}  // namespace omashu::cli
