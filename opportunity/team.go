package opportunity

import (
	"maps"
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// MaxOverlay is the largest overlay share, in basis points.
const MaxOverlay = 1_000_000

// MemberInput is a member to add or change (T02). Splits are in basis points.
type MemberInput struct {
	User   string     `json:"user" host:"user"`
	Role   MemberRole `json:"role"`
	Access Access     `json:"access"`
	// Split and Overlay apply only to a new opportunity; afterwards SetSplits
	// sets them all at once.
	Split   int `json:"split,omitempty"`
	Overlay int `json:"overlay,omitempty"`
}

func (in MemberInput) member(at journal.Moment) Member {
	return Member{User: in.User, Role: in.Role, Access: in.Access, Split: in.Split, Overlay: in.Overlay, Joined: at.Effective}
}

func (in MemberInput) check(f *fault.Fields, path string) {
	text.Key(f, path+"/user", in.User, 1, text.MaxKey)
	switch in.Role {
	case RoleSales, RolePresales, RoleSupport, RoleManager, RolePartner:
	case RoleOwner:
		f.Add(path+"/role", "owner", "the owner can only be changed by a transfer")
	default:
		f.Add(path+"/role", "unknown", "isn't a role")
	}
	if in.Access != Read && in.Access != Write {
		f.Add(path+"/access", "unknown", "must be read or write")
	}
}

// checkShares requires shares in whole basis points, that is, two decimals in
// percent (T05).
func checkShares(f *fault.Fields, splitPath string, split int, overlayPath string, overlay int) {
	if split < 0 || split > 10000 {
		f.Add(splitPath, "out_of_range", "must be 0 to 10000 basis points")
	}
	if overlay < 0 || overlay > MaxOverlay {
		f.Add(overlayPath, "out_of_range", "must be 0 to 1000000 basis points")
	}
}

// checkTotal requires that revenue splits, if any, total 100 % (T05).
func checkTotal(f *fault.Fields, path string, members []Member) {
	total := 0
	for _, m := range members {
		if m.Split < 0 || m.Split > 10000 {
			return // already noted
		}
		total += m.Split
	}
	if total != 0 && total != 10000 {
		f.Add(path, "splits", "revenue splits must total 10000 basis points")
	}
}

// removable refuses to remove a member with shares: always with a revenue split;
// with an overlay once the opportunity is decided, because splits are then frozen
// (T05).
func (o *Opportunity) removable(m *Member, path string) error {
	switch {
	case m.Split > 0:
		return fault.NotAllowed("opportunity.member.split", "a member with a revenue split can't be removed", fault.Field{Path: path, Code: "split", Message: "has a revenue split"})
	case m.Overlay > 0 && o.s.Status.IsDecided():
		return fault.NotAllowed("opportunity.member.split", "splits are frozen", fault.Field{Path: path, Code: "overlay", Message: "has an overlay split"})
	}
	return nil
}

// SetMember adds a member, or changes a member's role and access (S2). It needs
// PartMembers. Errors: ErrInvalid; ErrNotAllowed for the owner, whom only
// Transfer changes, and by status (O08); ErrLimit.
func (o *Opportunity) SetMember(in MemberInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.team.status"); err != nil {
		return err
	}
	if err := o.needs(PartMembers); err != nil {
		return err
	}
	var f fault.Fields
	in.check(&f, "")
	if err := f.Invalid("opportunity.member.invalid"); err != nil {
		return err
	}
	ev := &MemberSetPayload{Member: in.member(at)}
	m := &ev.Member
	m.Split, m.Overlay = 0, 0
	if old := o.member(in.User); old != nil {
		if old.Role == RoleOwner {
			return fault.NotAllowed("opportunity.member.owner", "the owner can only be changed by a transfer", fault.Field{Path: "/user", Code: "owner", Message: "is the owner"})
		}
		ev.Before = copied(old)
		m.Split, m.Overlay, m.Joined = old.Split, old.Overlay, old.Joined
	} else if o.s.Counts.Members >= MaxMembers {
		return fault.New(fault.ErrLimit, "opportunity.members.too_many", "a team has at most 100 members")
	}
	o.do(ev, at)
	o.dirty.Members = append(o.dirty.Members, *m)
	return nil
}

func (o *Opportunity) member(user string) *Member {
	i := slices.IndexFunc(o.s.Members, func(m Member) bool { return m.User == user })
	if i < 0 {
		return nil
	}
	return &o.s.Members[i]
}

// RemoveMember removes a member from the team; the owner takes over the member's
// open activities (H04). It needs PartMembers, and the member's open activities,
// if there are any (OpenActivities or PartActivities). Errors: ErrNotFound;
// ErrNotAllowed by status (O08), for the owner (T04), and for a member with a
// revenue split or, once decided, with any split (T05).
func (o *Opportunity) RemoveMember(user string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.team.status"); err != nil {
		return err
	}
	if err := o.needs(PartMembers); err != nil {
		return err
	}
	m := o.member(user)
	switch {
	case m == nil:
		return fault.NotFound("opportunity.member.not_found")
	case m.Role == RoleOwner:
		return fault.NotAllowed("opportunity.member.owner", "the owner can be replaced, not removed", fault.Field{Path: "/user", Code: "owner", Message: "is the owner"})
	}
	if err := o.removable(m, "/user"); err != nil {
		return err
	}
	moved, err := o.openActivities(user)
	if err != nil {
		return err
	}
	ev := &MemberRemovedPayload{User: user, Removed: copied(m)}
	if len(moved) > 0 {
		ev.To = o.s.Owner
	}
	o.do(ev, at)
	o.handedOver(moved, ev.To)
	o.dirty.RemovedMembers = append(o.dirty.RemovedMembers, user)
	return nil
}

// SetSplitsInput are shares by user, in basis points (T05).
type SetSplitsInput struct {
	// Revenue shares are the members', and total 10000 unless empty.
	Revenue map[string]int `json:"revenue,omitempty"`
	// Overlay shares have no fixed total.
	Overlay map[string]int `json:"overlay,omitempty"`
}

// SetSplits sets all shares at once; members not named have none. It needs
// PartMembers. Errors: ErrInvalid; ErrNotAllowed once decided, because a win
// freezes the splits (T05).
func (o *Opportunity) SetSplits(in SetSplitsInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.splits.status"); err != nil {
		return err
	}
	if err := o.needs(PartMembers); err != nil {
		return err
	}
	var f fault.Fields
	for _, x := range []struct {
		path   string
		shares map[string]int
	}{{"/revenue", in.Revenue}, {"/overlay", in.Overlay}} {
		if len(x.shares) > MaxMembers {
			f.Add(x.path, "too_many", "names more users than a team can have")
			continue
		}
		for _, user := range slices.Sorted(maps.Keys(x.shares)) {
			if o.member(user) == nil {
				f.Add(x.path, "not_a_member", "isn't in the team")
			}
		}
	}
	ev := &SplitsSetPayload{Splits: maps.Clone(in.Revenue), Overlay: maps.Clone(in.Overlay)}
	for _, m := range o.s.Members {
		share(&ev.SplitsBefore, m.User, m.Split)
		share(&ev.OverlayBefore, m.User, m.Overlay)
	}
	trial := o.s
	ev.apply(&trial, at)
	for _, m := range trial.Members {
		checkShares(&f, "/revenue/"+m.User, m.Split, "/overlay/"+m.User, m.Overlay)
	}
	checkTotal(&f, "/revenue", trial.Members)
	if err := f.Invalid("opportunity.splits.invalid"); err != nil {
		return err
	}
	o.do(ev, at)
	o.dirty.Members = slices.Clone(o.s.Members)
	return nil
}

func share(of *map[string]int, user string, n int) {
	if n == 0 {
		return
	}
	if *of == nil {
		*of = map[string]int{}
	}
	(*of)[user] = n
}

// TransferInput is a change of owner (T03, T06).
type TransferInput struct {
	To string `json:"to" host:"user"`
	// Remove removes the previous owner from the team; otherwise they stay, with
	// Role ("sales" if empty) and write access.
	Remove bool       `json:"remove,omitempty"`
	Role   MemberRole `json:"role,omitempty"`
	Reason string     `json:"reason,omitempty"`
	// KeepActivities leaves the previous owner's open activities with them, and
	// they must then stay in the team; otherwise the new owner takes the
	// activities over (H04).
	KeepActivities bool `json:"keep_activities,omitempty"`
}

// Transfer makes another user the owner. Stage, history, lines and activities
// stay (T03), and the new owner takes over the previous owner's open activities
// unless the input keeps them (H04). It works on won and lost opportunities too.
// It needs PartMembers, and the previous owner's open activities, if there are
// any to move (OpenActivities or PartActivities). Errors: ErrInvalid;
// ErrNotAllowed on closed and void opportunities, and for removing a previous
// owner with a revenue split (T05).
func (o *Opportunity) Transfer(in TransferInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.transfer.status"); err != nil {
		return err
	}
	if err := o.needs(PartMembers); err != nil {
		return err
	}
	var f fault.Fields
	text.Key(&f, "/to", in.To, 1, text.MaxKey)
	text.Block(&f, "/reason", &in.Reason, 0, text.MaxDescription)
	if in.Role == "" {
		in.Role = RoleSales
	}
	MemberInput{User: "x", Role: in.Role, Access: Write}.check(&f, "")
	if in.To == o.s.Owner {
		f.Add("/to", "owner", "is the owner already")
	}
	if in.KeepActivities && in.Remove {
		f.Add("/keep_activities", "contradiction", "whoever leaves the team can't keep activities")
	}
	if err := f.Invalid("opportunity.transfer.invalid"); err != nil {
		return err
	}
	old := o.member(o.s.Owner)
	if old == nil {
		return fault.New(fault.ErrCorrupt, "opportunity.corrupt", "the owner isn't in the team")
	}
	if in.Remove {
		if err := o.removable(old, "/remove"); err != nil {
			return err
		}
	}
	if o.member(in.To) == nil && !in.Remove && o.s.Counts.Members >= MaxMembers {
		return fault.New(fault.ErrLimit, "opportunity.members.too_many", "a team has at most 100 members")
	}
	var moved []Activity
	if !in.KeepActivities {
		var err error
		if moved, err = o.openActivities(o.s.Owner); err != nil {
			return err
		}
	}
	ev := &TransferredPayload{From: o.s.Owner, To: in.To, Remove: in.Remove, Role: in.Role, Reason: in.Reason, Activities: len(moved) > 0}
	o.do(ev, at)
	o.handedOver(moved, ev.To)
	o.dirty.Members = append(o.dirty.Members, *o.member(in.To))
	if in.Remove {
		o.dirty.RemovedMembers = append(o.dirty.RemovedMembers, ev.From)
	} else {
		o.dirty.Members = append(o.dirty.Members, *o.member(ev.From))
	}
	return nil
}

// SplitAmounts allocates the opportunity's amount by the revenue splits; the
// shares add up to it exactly (T05, F18). Without splits, the owner has all of
// it. The members must be loaded.
func SplitAmounts(s *Snapshot) (map[string]money.Money, error) {
	amount := s.Amount()
	if s.Outcome != nil {
		amount = s.Outcome.Amount
	}
	var users []string
	var weights []int64
	for _, m := range s.Members {
		if m.Split > 0 {
			users, weights = append(users, m.User), append(weights, int64(m.Split))
		}
	}
	if len(users) == 0 {
		return map[string]money.Money{s.Owner: amount}, nil
	}
	shares, err := amount.Allocate(weights...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]money.Money, len(users))
	for i, u := range users {
		out[u] = shares[i]
	}
	return out, nil
}
