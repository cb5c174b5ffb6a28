// Sends records with schemas to one topic: acks=all, idempotent, partitioned as Java's producer does.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "omashu/client_options.h"
#include "omashu/result.h"
#include "omashu/typed_record.h"

namespace omashu {

// How a key or a value is written.
class PayloadFormat {
 public:
  // As the bytes of the text, without a schema.
  static PayloadFormat plain_text() { return PayloadFormat(Kind::kPlainText, ""); }
  // With the latest version that the registry holds under the topic's subject ("<topic>-key", "<topic>-value").
  static PayloadFormat latest() { return PayloadFormat(Kind::kLatest, ""); }
  // With this Avro schema, which is registered under that subject where it is not there yet.
  static PayloadFormat avro(std::string schema) { return PayloadFormat(Kind::kAvro, std::move(schema)); }

 private:
  friend class TypedProducer;
  enum class Kind { kPlainText, kLatest, kAvro };
  PayloadFormat(Kind kind, std::string schema) : kind_(kind), schema_(std::move(schema)) {}

  Kind kind_;
  std::string schema_;
};

// Thread-safe.
class TypedProducer {
 public:
  using DeliveryCallback = std::function<void(const Result<RecordPosition>&)>;

  // Asks the registry for the schemas; Kafka is reached with the first record.
  static Result<TypedProducer> open(const ClientOptions& options, const std::string& topic, const PayloadFormat& key,
                                    const PayloadFormat& value);
  ~TypedProducer();  // waits for what is on its way, at most ClientOptions::timeout
  TypedProducer(TypedProducer&&) noexcept;
  TypedProducer& operator=(TypedProducer&&) noexcept;

  // Queues the record. kInvalidArgument, and nothing queued, where it does not suit its schema. `on_delivery` is called
  // once for each record that was queued, on a thread that is in send() or flush(), or at last in the destructor; it
  // must not call the producer.
  Result<void> send(const OutgoingRecord& record, DeliveryCallback on_delivery = {});

  // Sends the record and waits until it is durable.
  Result<RecordPosition> send_and_wait(const OutgoingRecord& record);

  // Waits until every record is durable or has failed; the first failure since the last flush, if there was one.
  Result<void> flush();

 private:
  struct State;
  explicit TypedProducer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu
