#include "broker/protocol/42_delete_groups.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DeleteGroupsRequest>;
template struct MessageCodec<DeleteGroupsResponse>;

}  // namespace omashu::broker
