#include "sink/write_job.h"

namespace omashu::sink {

namespace {

RecordOrigin origin_of(const SinkRecord& record) { return {record.topic, record.partition, record.offset}; }

class BatchRejections : public Rejections {
 public:
  BatchRejections(SetAside& set_aside, std::span<const SinkRecord> records)
      : set_aside_(set_aside), records_(records) {}

  WriteResult set_aside(std::span<const Rejected> rejected) override {
    std::vector<SetAside::Item> items;
    for (const Rejected& one : rejected) {
      const SinkRecord& record = records_[one.index];
      items.push_back({record.message, origin_of(record), FailedStage::kTaskPut, &one.reason});
    }
    return set_aside_.send(items);
  }

 private:
  SetAside& set_aside_;
  std::span<const SinkRecord> records_;
};

}  // namespace

WriteResult write_batch(Sink& sink, BatchDecoder& decoder, SetAside& set_aside,
                        std::span<const kafka::Message* const> messages, const Positions& next,
                        const std::stop_token& stop) {
  if (auto decoded = decoder.decode(messages); !decoded) {
    return std::unexpected(decoded.error().code == ErrorCode::kUnauthorized
                               ? WriteFailure::stop(std::move(decoded.error()))
                               : WriteFailure::try_again(std::move(decoded.error())));
  }
  std::vector<SetAside::Item> items;
  for (const Undecodable& undecodable : decoder.undecodable()) {
    const kafka::Message& message = *undecodable.message;
    const RecordOrigin origin = set_aside.is_retry_topic(message.topic)
                                    ? origin_of_retry(message)
                                    : RecordOrigin{message.topic, message.partition, message.offset};
    items.push_back({&message, origin, undecodable.stage, &undecodable.reason});
  }
  if (auto sent = set_aside.send(items); !sent) return sent;
  BatchRejections rejections(set_aside, decoder.records());
  auto written = sink.write({.records = decoder.records(), .next = next}, rejections, stop);
  if (written) set_aside.forget_before(next);
  return written;
}

}  // namespace omashu::sink
