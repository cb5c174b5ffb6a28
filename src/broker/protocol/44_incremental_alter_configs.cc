#include "broker/protocol/44_incremental_alter_configs.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<IncrementalAlterConfigsRequest>;
template struct MessageCodec<IncrementalAlterConfigsResponse>;

}  // namespace omashu::broker
