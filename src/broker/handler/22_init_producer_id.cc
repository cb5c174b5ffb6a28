// InitProducerId, 0 to 4. An idempotent producer gets a new id each time, also where it names the one it has: as in
// Kafka, only transactional producers keep theirs.
//
// Left out: transactions. A transactional id is refused with the error that FindCoordinator has for it, which is fatal
// to clients.

#include "broker/protocol/22_init_producer_id.h"

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {

InitProducerIdResponse handle_init_producer_id(Broker& broker, const RequestContext&,
                                               const InitProducerIdRequest& request) {
  if (request.transactional_id) return {.error_code = KafkaError::kTransactionalIdAuthorizationFailed};
  const auto id = broker.producer_ids().next();
  if (!id) {
    broker.report_once(id.error().message);
    return {.error_code = KafkaError::kKafkaStorageError};
  }
  return {.producer_id = *id, .producer_epoch = 0};
}

}  // namespace omashu::broker
