#include "table/stored_value.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

TEST(StoredValue, IsReadAsItWasKept) {
  for (const bool flag : {false, true}) {
    for (const auto& header :
         {std::optional<std::string_view>(), std::optional<std::string_view>("\1sixteen bytes of it")}) {
      for (const std::string_view payload : {"", "some bytes"}) {
        std::string bytes;
        append_stored_value({.is_match = flag, .is_as_written = !flag, .schema_id_header = header, .payload = payload},
                            bytes);
        const StoredValue read = read_stored_value(bytes);
        EXPECT_EQ(read.is_match, flag);
        EXPECT_EQ(read.is_as_written, !flag);
        EXPECT_EQ(read.schema_id_header, header);
        EXPECT_EQ(read.payload, payload);
      }
    }
  }
}

}  // namespace
}  // namespace omashu::table
