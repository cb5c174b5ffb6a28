#include "service/write/record_batches.h"

namespace omashu::service {

void RecordBatches::send(size_t lane, kafka::Record record, Landed landed) {
  {
    const MutexLock lock(mutex_);
    Lane& taken = lanes_[lane % kLanes];
    if (taken.under_way != 0) {
      taken.waiting.push_back({std::move(record), std::move(landed)});
      return;
    }
    taken.under_way = 1;
  }
  send_now(lane, {std::move(record), std::move(landed)});
}

void RecordBatches::send_now(size_t lane, Waiting waiting) {
  auto sent = producer_.send(std::move(waiting.record),
                             [this, lane, landed = waiting.landed](const Result<kafka::RecordMetadata>& result) {
                               on_landed(lane);
                               landed(result);
                             });
  if (sent) return;
  on_landed(lane);
  waiting.landed(fail(std::move(sent.error())));
}

void RecordBatches::on_landed(size_t lane) {
  std::vector<Waiting> next;
  {
    const MutexLock lock(mutex_);
    Lane& taken = lanes_[lane % kLanes];
    if (--taken.under_way != 0 || taken.waiting.empty()) return;
    next = std::exchange(taken.waiting, {});
    taken.under_way = next.size();
  }
  auto shared = std::make_shared<std::vector<Waiting>>(std::move(next));
  send_later_([this, lane, shared] {
    for (Waiting& waiting : *shared) send_now(lane, std::move(waiting));
  });
}

}  // namespace omashu::service
