#include "cli/records/format_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Pair;

// Prints values, leaves "skip" out and cannot print "bad".
class ValueFormatter : public RecordFormatter {
 public:
  Result<bool> append(const kafka::Message& message, std::string& out) override {
    if (message.value == "bad") return fail(ErrorCode::kCorrupt, "bad");
    if (message.value == "skip") return false;
    out += *message.value + "\n";
    return true;
  }
};

void fill(kafka::MessageBatch& batch, const std::vector<std::string>& values) {
  batch.clear();
  for (const std::string& value : values) batch.add().value = value;
}

TEST(FormatJob, SaysWhatBecameOfEachMessage) {
  ValueFormatter formatter;
  FormatJob job(formatter, false);
  fill(job.batch, {"a", "skip", "bad", "bc"});
  job.run();
  EXPECT_EQ(job.text(), "a\nbc\n");
  EXPECT_THAT(job.text_ends(), ElementsAre(2, 2, 2, 5));
  EXPECT_THAT(job.errors(), ElementsAre(Pair(2, _)));

  fill(job.batch, {"d"});
  job.run();
  EXPECT_EQ(job.text(), "d\n") << "nothing is left of the batch before";
  EXPECT_THAT(job.text_ends(), ElementsAre(2));
  EXPECT_THAT(job.errors(), ElementsAre());
}

TEST(FormatJob, EndsAtAnErrorWhereItIsTold) {
  ValueFormatter formatter;
  FormatJob job(formatter, true);
  fill(job.batch, {"a", "bad", "b"});
  job.run();
  EXPECT_EQ(job.text(), "a\n");
  EXPECT_THAT(job.text_ends(), ElementsAre(2, 2));
  EXPECT_THAT(job.errors(), ElementsAre(Pair(1, _)));
}

}  // namespace
}  // namespace omashu::cli
