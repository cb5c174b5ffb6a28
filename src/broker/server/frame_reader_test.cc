#include "broker/server/frame_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string frame(const std::string& body) {
  const auto size = static_cast<uint32_t>(body.size());
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
  return bytes + body;
}

// Puts the bytes in, at most `step` at a time, and collects the frames.
std::vector<std::string> feed(FrameReader& reader, std::string_view bytes, size_t step) {
  std::vector<std::string> frames;
  while (!bytes.empty()) {
    const std::span<char> space = reader.space();
    EXPECT_FALSE(space.empty());
    const size_t count = std::min({space.size(), step, bytes.size()});
    std::memcpy(space.data(), bytes.data(), count);
    reader.filled(count);
    bytes.remove_prefix(count);
    for (;;) {
      const auto next = reader.next();
      if (!next) return {"error: " + next.error().message};
      if (!*next) break;
      frames.emplace_back((*next)->data(), (*next)->size());
    }
  }
  return frames;
}

TEST(FrameReader, FindsFramesHoweverTheBytesCome) {
  const std::string big(10'000, 'b');
  const std::string bytes = frame("one") + frame("") + frame(big) + frame("two");
  for (const size_t step : {size_t{1}, size_t{3}, size_t{4096}, bytes.size()}) {
    FrameReader reader(1 << 20);
    EXPECT_THAT(feed(reader, bytes, step), ElementsAre("one", "", big, "two")) << step;
    EXPECT_FALSE(reader.is_within_frame());
  }
}

TEST(FrameReader, AnAnnouncedSizeTakesNoMemory) {
  FrameReader reader(100 << 20);
  EXPECT_THAT(feed(reader, frame(std::string(90 << 20, 'x')).substr(0, 100), 100), IsEmpty());
  EXPECT_TRUE(reader.is_within_frame());
  reader.space();
  EXPECT_LT(reader.capacity(), 20'000u);
}

TEST(FrameReader, ALargeFrameIsCopiedOnlyAFewTimesAndHoldsTwiceWhatHasCome) {
  constexpr uint32_t kFrameBytes = 99 << 20;
  FrameReader reader(100 << 20);
  feed(reader, frame(std::string(kFrameBytes, '\0')).substr(0, 4), 4);
  size_t growths = 0;
  for (size_t come = 4; come < 4 + kFrameBytes;) {
    const size_t capacity = reader.capacity();
    const std::span<char> space = reader.space();
    growths += reader.capacity() != capacity;
    ASSERT_LE(reader.capacity(), 2 * come + 4096);
    const size_t count = std::min<size_t>(space.size(), 64 << 10);
    reader.filled(count);
    come += count;
  }
  EXPECT_EQ(reader.next().value()->size(), kFrameBytes);
  EXPECT_LT(growths, 20u);  // each copies what has come: by steps of 1 MiB it would be 99, and 5 GB
}

TEST(FrameReader, SizesThatCannotBeAreErrors) {
  FrameReader reader(10);
  EXPECT_THAT(feed(reader, frame("0123456789"), 100), ElementsAre("0123456789"));
  EXPECT_THAT(feed(reader, frame("0123456789a"), 100), ElementsAre(testing::HasSubstr("11 bytes is announced")));
  FrameReader other(10);
  EXPECT_THAT(feed(other, std::string("\xff\xff\xff\xff"), 100), ElementsAre(testing::HasSubstr("-1 bytes")));
}

TEST(FrameReader, ReleasesItsMemoryBetweenFramesOnly) {
  FrameReader reader(1 << 20);
  feed(reader, frame(std::string(500'000, 'x')), 1 << 20);
  EXPECT_GE(reader.capacity(), 500'000u);
  reader.release();
  EXPECT_EQ(reader.capacity(), 0u);
  feed(reader, frame("abc").substr(0, 5), 100);
  reader.release();
  EXPECT_THAT(feed(reader, frame("abc").substr(5), 100), ElementsAre("abc"));
}

TEST(FrameReader, AnyCutOfAnyFramesGivesTheSameFrames) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> bodies;
    std::string bytes;
    for (size_t i = 0; i < 20; ++i) {
      bodies.emplace_back(random() % (i % 7 == 0 ? 30'000 : 50), static_cast<char>('a' + i));
      bytes += frame(bodies.back());
    }
    FrameReader reader(1 << 20);
    std::vector<std::string> found;
    for (size_t at = 0; at < bytes.size();) {
      const size_t count = std::min<size_t>(1 + random() % 9000, bytes.size() - at);
      for (std::string& body : feed(reader, std::string_view(bytes).substr(at, count), count)) {
        found.push_back(std::move(body));
      }
      at += count;
    }
    EXPECT_EQ(found, bodies);
  }
}

}  // namespace
}  // namespace omashu::broker
