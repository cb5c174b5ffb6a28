#include "broker/protocol/21_delete_records.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DeleteRecordsRequest>;
template struct MessageCodec<DeleteRecordsResponse>;

}  // namespace omashu::broker
