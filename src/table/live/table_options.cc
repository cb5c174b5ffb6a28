#include "table/live/table_options.h"

#include "base/duration.h"
#include "base/shown.h"
#include "table/field_path.h"

namespace omashu::table {

Result<TimeToLive> parse_time_to_live(std::string_view text) {
  const size_t comma = text.find(',');
  const auto duration = parse_duration(text.substr(0, comma));
  if (!duration || duration->count() == 0) {
    return fail(ErrorCode::kInvalidArgument,
                shown(text) +
                    " is no ttl: write a duration, as 7d, and behind a comma the field of a time, as "
                    "7d,updatedAt");
  }
  TimeToLive ttl{.duration = *duration};
  if (comma == std::string_view::npos) return ttl;
  const auto field = FieldPath::parse(text.substr(comma + 1));
  if (!field) return fail(Error(field.error()).within("ttl"));
  ttl.field = field->text();
  return ttl;
}

}  // namespace omashu::table
