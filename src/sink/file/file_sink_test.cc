#include "sink/file/file_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "schema_registry/client/testing/memory_registry.h"
#include "sink/batch_decoder.h"

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;
using kafka::TopicPartition;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const TopicPartition kPlace = {"t", PartitionId{0}};

class NoRejections : public Rejections {
 public:
  WriteResult set_aside(std::span<const Rejected>) override {
    ADD_FAILURE() << "nothing is rejected";
    return {};
  }
};

class FileSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/omashu-file-sink-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/records.jsonl"; }

  static std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  WriteResult write(FileSink& sink, Offset offset, const std::string& value) {
    kafka::Message message;
    message.topic = kPlace.topic;
    message.partition = kPlace.partition;
    message.offset = offset;
    message.timestamp_ms = 0;
    message.key = "k";
    message.value = value;
    message.headers = {{"trace", "a"}};
    const kafka::Message* pointer = &message;
    EXPECT_TRUE(decoder_.decode(std::span(&pointer, 1)));
    NoRejections rejections;
    return sink.write({.records = decoder_.records(), .next = {{kPlace, offset + 1}}}, rejections, {});
  }

  static Positions begin(FileSink& sink) {
    const auto known = sink.begin(std::vector{kPlace}, {});
    EXPECT_TRUE(known) << known.error().error.message;
    return known.value_or(Positions());
  }

  std::string folder_;
  schema_registry::testing::MemoryRegistry registry_;
  BatchDecoder decoder_{registry_, {}, [](const std::string&) { return false; }};
};

TEST_F(FileSinkTest, ALineIsWhatConsumePrintsWithTheTopic) {
  FileSink sink(path());
  EXPECT_THAT(begin(sink), IsEmpty());
  ASSERT_TRUE(write(sink, Offset{5}, "v"));
  EXPECT_EQ(text_of(path()), R"({"topic":"t","partition":0,"offset":5,"timestamp":"1970-01-01T00:00:00.000Z",)"
                             R"("headers":[{"name":"trace","value":"a"}],"key":"k","value":"v"})"
                             "\n");
  EXPECT_THAT(begin(sink), ElementsAre(Pair(kPlace, Offset{6})));
}

TEST_F(FileSinkTest, WhatACrashLeftBehindTheLastCompleteBatchIsCutOff) {
  std::string complete;
  {
    FileSink sink(path());
    begin(sink);
    ASSERT_TRUE(write(sink, Offset{0}, "first"));
    complete = text_of(path());
  }
  std::ofstream(path(), std::ios::app) << R"({"topic":"t","partition":0,"off)";
  FileSink sink(path());
  EXPECT_THAT(begin(sink), ElementsAre(Pair(kPlace, Offset{1})));
  EXPECT_EQ(text_of(path()), complete);
  ASSERT_TRUE(write(sink, Offset{1}, "second"));
  EXPECT_THAT(text_of(path()), HasSubstr("\"first\"}\n{"));
  EXPECT_THAT(text_of(path()), HasSubstr("\"second\"}\n"));
}

TEST_F(FileSinkTest, AFileHasOneWriter) {
  FileSink first(path()), second(path());
  begin(first);
  const auto refused = second.begin(std::vector{kPlace}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
  EXPECT_THAT(refused.error().error.message, HasSubstr("is being written by another process"));
}

TEST_F(FileSinkTest, WhatSomethingElseWroteIsLeftAlone) {
  std::ofstream(path()) << "mine\n";
  FileSink sink(path());
  const auto refused = sink.begin(std::vector{kPlace}, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().error.message, HasSubstr("it was written by something else"));
  EXPECT_EQ(text_of(path()), "mine\n");
}

TEST_F(FileSinkTest, AFileThatWasCutIsSaid) {
  {
    FileSink sink(path());
    begin(sink);
    ASSERT_TRUE(write(sink, Offset{0}, "first"));
  }
  std::filesystem::resize_file(path(), 3);
  FileSink sink(path());
  const auto refused = sink.begin(std::vector{kPlace}, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().error.message, HasSubstr("the file was cut"));
}

TEST_F(FileSinkTest, PartitionsThatAreAnothersAreForgotten) {
  FileSink sink(path());
  begin(sink);
  ASSERT_TRUE(write(sink, Offset{0}, "first"));
  sink.end(std::vector{kPlace});
  EXPECT_THAT(begin(sink), IsEmpty());
}

TEST_F(FileSinkTest, AFolderThatIsNotThereStopsIt) {
  FileSink sink(folder_ + "/nowhere/records.jsonl");
  const auto refused = sink.begin(std::vector{kPlace}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, WriteFailure::Kind::kStop);
}

}  // namespace
}  // namespace omashu::sink
