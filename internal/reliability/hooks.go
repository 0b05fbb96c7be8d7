package reliability

import "github.com/pursuit-crm/pursuit/internal/intercept"

// Hooked is a store whose every call asks first.
type Hooked = intercept.Store
