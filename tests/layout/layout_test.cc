#include "layout/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "real/support/scratch_folder.h"

namespace omashu::layout {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(LayoutTest, ThisTreeKeepsTheRules) { EXPECT_THAT(find_breaches(OMASHU_SOURCE_DIR), IsEmpty()); }

// A tree of one file.
std::vector<std::string> breaches_of(const std::string& file, const std::string& text) {
  real::ScratchFolder root;
  std::filesystem::create_directories((root.path() / file).parent_path());
  std::ofstream(root.path() / file) << text;
  return find_breaches(root.path());
}

TEST(LayoutTest, ARoomIncludesThoseBelowIt) {
  EXPECT_THAT(breaches_of("src/serde/a.cc", "#include \"serde/a.h\"\n#include \"avro/schema.h\"\n"), IsEmpty());
  EXPECT_THAT(breaches_of("src/avro/a.cc", "#include \"omashu/result.h\"\n\n#include \"serde/a.h\"\n"),
              ElementsAre(AllOf(StartsWith("src/avro/a.cc:3: serde/a.h: "), HasSubstr("may include base alone"))));
  EXPECT_THAT(breaches_of("src/base/deep/a.h", "#  include \"avro/schema.h\"\n"),
              ElementsAre(HasSubstr("no other room")));
  EXPECT_THAT(breaches_of("src/table/a.cc", "#include \"cli/app.h\"\n"),
              ElementsAre(HasSubstr("src/table may include")));
  EXPECT_THAT(breaches_of("src/kafka/a.cc", "#include \"avro/schema.h\"\n"), ElementsAre(HasSubstr("src/kafka")));
}

TEST(LayoutTest, ANewRoomIsAskedIntoTheTable) {
  EXPECT_THAT(breaches_of("src/attic/a.cc", "#include \"base/json.h\"\n"),
              ElementsAre(HasSubstr("src/attic is not in the table of rooms")));
}

TEST(LayoutTest, ALibraryLivesInOneRoom) {
  EXPECT_THAT(breaches_of("src/kafka/a.cc", "#include <librdkafka/rdkafka.h>\n"), IsEmpty());
  EXPECT_THAT(breaches_of("src/table/a.cc", "#include <librdkafka/rdkafka.h>\n"),
              ElementsAre(HasSubstr("librdkafka lives in src/kafka and bench and tests/real/clients alone")));
  EXPECT_THAT(breaches_of("src/schema_registry/client/a.cc", "#include <curl/curl.h>\n"), IsEmpty());
  EXPECT_THAT(breaches_of("src/schema_registry/a.cc", "#include <curl/curl.h>\n"),
              ElementsAre(HasSubstr(
                  "curl lives in src/http_client and src/schema_registry/client and examples/download-service alone")));
  EXPECT_THAT(breaches_of("src/provision/a.cc", "#include <CLI/CLI.hpp>\n"), ElementsAre(HasSubstr("src/cli alone")));
  EXPECT_THAT(breaches_of("src/avro/a.cc", "#include <absl/base.h>\n"),
              ElementsAre(HasSubstr("absl is not in the table of libraries")));
  EXPECT_THAT(breaches_of("src/avro/a.cc", "#include <sys/stat.h>\n#include <fmt/core.h>\n#include <vector>\n"),
              IsEmpty());
}

TEST(LayoutTest, AHeaderThatCostsSecondsHasALightOne) {
  EXPECT_THAT(breaches_of("src/avro/a.cc", "#include <fmt/format.h>\n"), ElementsAre(HasSubstr("take fmt/core.h")));
}

TEST(LayoutTest, GoogleTestIsForTests) {
  EXPECT_THAT(breaches_of("src/avro/a_test.cc", "#include <gtest/gtest.h>\n"), IsEmpty());
  EXPECT_THAT(breaches_of("src/avro/a.cc", "#include <gtest/gtest.h>\n"), ElementsAre(HasSubstr("for tests")));
}

TEST(LayoutTest, APublicHeaderShowsNothingFromWithin) {
  EXPECT_THAT(breaches_of("include/omashu/a.h", "#include <string>\n#include \"omashu/result.h\"\n"), IsEmpty());
  for (const char* line : {"#include \"avro/schema.h\"", "#include <fmt/core.h>", "#include <unistd.h>"}) {
    EXPECT_THAT(breaches_of("include/omashu/a.h", line), ElementsAre(HasSubstr("standard library and omashu/ alone")));
  }
}

TEST(LayoutTest, HeadersAreNamedByTheirRoom) {
  for (const char* line : {"#include \"src/avro/schema.h\"", "#include \"schema.h\"", "#include \"../avro/schema.h\"",
                           "#include \"include/omashu/result.h\""}) {
    EXPECT_THAT(breaches_of("src/avro/a.cc", line), ElementsAre(HasSubstr("by its room and file")));
  }
}

TEST(LayoutTest, AFileEndsBefore601Lines) {
  auto lines = [](size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) text += "//\n";
    return text;
  };
  EXPECT_THAT(breaches_of("src/avro/a.cc", lines(600)), IsEmpty());
  EXPECT_THAT(breaches_of("src/avro/a.cc", lines(601)), ElementsAre(HasSubstr("more than 600 lines")));
}

TEST(LayoutTest, AnEmptyTreeIsNoTree) {
  real::ScratchFolder root;
  EXPECT_THAT(find_breaches(root.path()), ElementsAre(HasSubstr("no sources")));
}

}  // namespace
}  // namespace omashu::layout
