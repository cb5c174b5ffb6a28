#include "http/output_queue.h"

#include <gtest/gtest.h>

#include <random>

namespace omashu::http {
namespace {

std::string text_of(const OutputQueue::Buffers& buffers) {
  std::string text;
  for (const auto& buffer : buffers) text.append(static_cast<const char*>(buffer.data()), buffer.size());
  return text;
}

TEST(OutputQueue, SharedPiecesAreNotCopied) {
  const auto piece = std::make_shared<const std::string>("shared");
  OutputQueue queue;
  queue.push("a");
  queue.push(Piece(piece));
  queue.push("b");
  const OutputQueue::Buffers buffers = queue.next();
  EXPECT_EQ(text_of(buffers), "asharedb");
  EXPECT_EQ(buffers.begin()[1].data(), piece->data());
  EXPECT_EQ(piece.use_count(), 2);
  queue.consume(7);
  EXPECT_EQ(piece.use_count(), 1) << "what is sent is let go";
  EXPECT_EQ(text_of(queue.next()), "b");
}

TEST(OutputQueue, SmallPiecesArePutTogether) {
  OutputQueue queue;
  for (int i = 0; i < 100; ++i) queue.push("0123456789");
  const OutputQueue::Buffers buffers = queue.next();
  EXPECT_EQ(buffers.end() - buffers.begin(), 1);
  EXPECT_EQ(queue.bytes(), 1000U);
}

TEST(OutputQueue, WhatIsBeingSentStaysInItsPlaceWhateverIsPushed) {
  OutputQueue queue;
  queue.push("first");
  const OutputQueue::Buffers sending = queue.next();
  for (int i = 0; i < 1000; ++i) queue.push(std::string(i, 'x'));
  EXPECT_EQ(text_of(sending), "first");
  queue.consume(3);
  EXPECT_EQ(text_of(queue.next()), "st");
}

TEST(OutputQueue, HoweverItIsConsumedTheBytesAreThoseThatWerePushed) {
  std::mt19937 random(7);  // NOLINT: the same each time
  OutputQueue queue;
  std::string pushed;
  std::string consumed;
  for (int round = 0; round < 5000; ++round) {
    const std::string bytes(random() % 50 == 0 ? 6000 : random() % 20, static_cast<char>('a' + round % 26));
    pushed += bytes;
    switch (random() % 3) {
      case 0: queue.push(std::string_view(bytes)); break;
      case 1: queue.push(Piece(bytes)); break;
      default: queue.push(Piece(std::make_shared<const std::string>(bytes)));
    }
    if (random() % 2 == 0) continue;
    const std::string next = text_of(queue.next());
    const size_t size = next.empty() ? 0 : random() % (next.size() + 1);
    consumed += next.substr(0, size);
    queue.consume(size);
    ASSERT_EQ(queue.bytes(), pushed.size() - consumed.size());
  }
  while (!queue.is_empty()) {
    const std::string next = text_of(queue.next());
    consumed += next;
    queue.consume(next.size());
  }
  EXPECT_EQ(consumed, pushed);
}

}  // namespace
}  // namespace omashu::http
