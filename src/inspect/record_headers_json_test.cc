#include "inspect/record_headers_json.h"

#include <gtest/gtest.h>

namespace omashu::inspect {
namespace {

TEST(RecordHeadersJson, TextIsTextBytesAreBase64AndWhatIsNotThereIsNull) {
  std::string out;
  append_headers(out, {});
  EXPECT_EQ(out, "[]");
  out.clear();
  append_headers(out, {{"a", "say \"hi\""}, {"b", "\xff\x01"}, {"c", std::nullopt}, {"\xfe", ""}});
  EXPECT_EQ(out, R"([{"name":"a","value":"say \"hi\""},{"name":"b","base64":"/wE="},)"
                 R"({"name":"c","value":null},{"name":"?","value":""}])");
}

}  // namespace
}  // namespace omashu::inspect
