#include "client/job_queue.h"

#include <gtest/gtest.h>

namespace omashu::client {
namespace {

using namespace std::chrono_literals;

const JobQueue::TimePoint kNow{1h};

JobPtr job_of(const std::optional<std::string>& key, int64_t offset) {
  TypedRecord record;
  record.key = key;
  record.offset = offset;
  return std::make_shared<RecordJob>(std::move(record));
}

TEST(JobQueue, RecordsOfOneKeyAreHandledOneAfterAnother) {
  JobQueue queue(8);
  const JobPtr first = job_of("a", 0), second = job_of("a", 1), other = job_of("b", 2);
  for (const JobPtr& job : {first, second, other}) queue.add(job, "");
  EXPECT_EQ(queue.next(kNow), first);
  EXPECT_TRUE(first->is_superseded);
  EXPECT_EQ(queue.next(kNow), other);
  EXPECT_EQ(queue.next(kNow), nullptr);
  queue.on_handled(first, std::nullopt);
  EXPECT_EQ(queue.next(kNow), second);
  EXPECT_FALSE(second->is_superseded);
}

TEST(JobQueue, RecordsWithoutAKeyNeverWaitForEachOther) {
  JobQueue queue(8);
  queue.add(job_of(std::nullopt, 0), "");
  queue.add(job_of(std::nullopt, 1), "");
  EXPECT_NE(queue.next(kNow), nullptr);
  EXPECT_NE(queue.next(kNow), nullptr);
}

TEST(JobQueue, AGroupHasSoManyAtOnce) {
  JobQueue queue(1);
  const JobPtr first = job_of("a", 0), second = job_of("b", 1), elsewhere = job_of("c", 2);
  queue.add(first, "host");
  queue.add(second, "host");
  queue.add(elsewhere, "other");
  EXPECT_EQ(queue.next(kNow), first);
  EXPECT_EQ(queue.next(kNow), elsewhere);
  EXPECT_EQ(queue.next(kNow), nullptr);
  queue.on_handled(first, std::nullopt);
  EXPECT_EQ(queue.next(kNow), second);
}

TEST(JobQueue, WhatIsToBeHandledAgainWaitsForItsTimeOrForALaterRecord) {
  JobQueue queue(8);
  const JobPtr first = job_of("a", 0);
  queue.add(first, "");
  queue.on_handled(queue.next(kNow), kNow + 1s);
  EXPECT_EQ(queue.next(kNow), nullptr);
  EXPECT_EQ(queue.next_time(), kNow + 1s);
  queue.add(job_of("a", 1), "");
  EXPECT_EQ(queue.next(kNow), first) << "it is superseded";
  queue.on_handled(first, kNow + 1s);
  EXPECT_EQ(queue.next(kNow), first);
  EXPECT_EQ(queue.size(), 2u);
}

TEST(JobQueue, WhatAnotherMemberHasIsGone) {
  JobQueue queue(8);
  const JobPtr handled = job_of("a", 0), waiting = job_of("b", 1), kept = job_of("c", 2);
  for (const JobPtr& job : {handled, waiting, kept}) queue.add(job, "");
  (void)queue.next(kNow);
  queue.give_up([](const TypedRecord& record) { return record.offset < 2; });
  EXPECT_TRUE(handled->is_given_up);
  EXPECT_EQ(queue.size(), 2u);
  queue.on_handled(handled, kNow);
  EXPECT_EQ(queue.next(kNow), kept);
  EXPECT_EQ(queue.size(), 1u);
}

}  // namespace
}  // namespace omashu::client
