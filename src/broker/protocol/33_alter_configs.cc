#include "broker/protocol/33_alter_configs.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<AlterConfigsRequest>;
template struct MessageCodec<AlterConfigsResponse>;

}  // namespace omashu::broker
