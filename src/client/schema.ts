// Generated from docs/openapi.json by `npm run docs`: not to be edited.

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may sign in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Account"][];
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Invite somebody
         * @description He chooses his password at the link that is answered, which holds for an hour, once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What he signs in by. Upper and lower case are one. */
                        name: string;
                        /**
                         * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
                         * @enum {string}
                         */
                        role: "viewer" | "operator" | "administrator";
                        /** @description The sites that he sees and changes; all where this is not given. */
                        sites?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitedAccount"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    account: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove somebody
         * @description His sessions and tokens end with him. What he did stays in the audit log.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its name. */
                    account: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change what somebody may do
         * @description It holds at once, in his sessions and tokens as well. Who is disabled is out at once.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its name. */
                    account: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Whether he may not sign in. */
                        disabled?: boolean;
                        /**
                         * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
                         * @enum {string}
                         */
                        role?: "viewer" | "operator" | "administrator";
                        /** @description `null`: all sites. */
                        sites?: string[] | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/accounts/{account}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new link for somebody who has lost his, or forgot his password
         * @description What he signs in by now is good until he chooses another.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    account: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invitation"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let somebody who has lost his telephone sign in by his password alone */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    account: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, the newest first unless the oldest are asked for */
        get: {
            parameters: {
                query?: {
                    /** @description A part of the route or of the path. */
                    contains?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description The oldest first: for who keeps all of it elsewhere. */
                    oldest?: string;
                    since?: string;
                    until?: string;
                    who?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Audit"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look whether the whole audit log is as it was written */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditVerification"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is kept out */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Bans"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bans/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Lift a ban */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description As the list has it; `/` as %2F. */
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls that stand
         * @description What has changed since is told by `/events`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    cursor?: string;
                    /** @description Calls for help alone, or all others. */
                    emergency?: string;
                    limit?: number;
                    /** @description How the caller’s or the called number begins, as received. */
                    number?: string;
                    phase?: "setup" | "answered";
                    /** @description Where the caller is. */
                    site?: string;
                    /** @description By started, answered, caller, called, from, to, phase, site; with a minus the other way round. */
                    sort?: string;
                    state?: "hold" | "silent";
                    /** @description In its id, numbers, trunks, route or user. */
                    text?: string;
                    /** @description Of either side. */
                    trunk?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Calls"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All about one call */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WholeCall"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * End a call
         * @description Both sides are hung up on. Its cause is `operator`, and its decisions say who it was.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * Format: date-time
                             * @description When it was taken; `/events` tells when it has ended.
                             */
                            at: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call}/capture.pcapng": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same for Wireshark
         * @description Each message in a packet made for it; what went by TLS in clear, secrets written over.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call}/media-capture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the media of a call copied, decrypted
         * @description RTP and RTCP of both sides, as packets in a file, until a limit is reached, the call ends or somebody stops it. The configuration says who may, and of which calls (`tracing.media`). That it is done is on the page of the call, in its record and in the audit log.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description With the keys that are pressed: only where the configuration has `tracing.keys: shown`.
                         * @default false
                         */
                        keys?: boolean;
                        /** @description Why: for the record of the call and the audit log. */
                        reason: string;
                        /** @description How long at most; `tracing.media.longest` unless given. */
                        seconds?: number;
                        /** @description Octets at most; `tracing.media.size` unless given. */
                        size?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * Format: date-time
                             * @description When it was taken; `/events` tells what becomes of it.
                             */
                            at: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Stop copying the media of a call
         * @description What was copied stays on the disk for its time.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All messages of a call, in the order in which they came and went */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Messages"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is used of what has a limit: trunks, groups, sites, links */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CapacityList"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificate-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests that wait for their certificate, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateRequests"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a key, and a request for a certificate for it
         * @description The key is kept here until the certificate is put in place; it is in no answer.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCertificateRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateRequest"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificate-requests/{request}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    request: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateRequest"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove it, with its key: a certificate for it is worth nothing then */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    request: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Certificates in use, what expires first at the top */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Certificates"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Keep one that the configuration has no file for
         * @description It is kept beside the records, and used once the configuration names it: the answer has the edits for a draft (`PATCH /configuration/draft`). Also where the file that is named cannot be written.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeptCertificateInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeptCertificateFiles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates/{certificate}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them, with its chain, as its files are */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    certificate: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateFiles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Put another in its place
         * @description It is looked at first, and refused with nothing changed where it could not be used (422). Its files are written whole, and what was there before is kept. New handshakes show it at once; calls go on.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its id. */
                    certificate: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferedCertificateInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateFiles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates/{certificate}/examine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would be said of another in its place; nothing is written */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    certificate: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferedCertificateInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateVerdict"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates/{certificate}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put back what it took the place of */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its id. */
                    certificate: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Codes of doubts that are meant so: `chain-incomplete`, `names`.
                         * @default []
                         */
                        accept?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CertificateFiles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file as it is, and whether it is what runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationFile"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the running program take what you are changing: all of it, or nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Names of sample calls of which something else may become.
                         * @default []
                         */
                        acknowledged?: string[];
                        /** @default  */
                        reason?: string;
                        /**
                         * @description The signalling process may be started again; calls outlive it.
                         * @default false
                         */
                        restart?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationVersion"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stands in the file, as maps, lists and texts
         * @description Every scalar is the text that stands there, passwords too; what `was` of an edit is held against.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `draft`: of what you are changing; the file where you are changing nothing. */
                    of?: "file" | "draft";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationContents"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you are changing; 204 where that is nothing */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description You are changing nothing. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Write the whole text */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The hash of the text that it was made from; that of the file unless given. */
                        base?: string;
                        text: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Discard what you are changing */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /** Change some of it */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        edits: components["schemas"]["EditInput"][];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/configuration/draft/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the same edits of the file as it is now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/effective": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What holds of an object, a section or all, each value with where it comes from */
        get: {
            parameters: {
                query?: {
                    /** @description Of the object, where the section is a list, or its place from 0 where it has no name; all of them unless given. */
                    name?: string;
                    /** @description `draft`: of what you are changing; the file where you are changing nothing. */
                    of?: "file" | "draft";
                    /** @description `trunks`, `media`; all unless given. */
                    section?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EffectiveSettings"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/examine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a text would mean, without keeping it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        text: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Examination"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/form-schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The JSON Schema with marks for forms
         * @description Beside the words of JSON Schema: `title` names the kind of a text, `x-single` a list that may be one value, `x-short` the key that a text in place of a map stands for, `x-range` what is allowed, for people.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the running program take the file as it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default false */
                        restart?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            said: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema of the configuration, for editors */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Configurations that ran, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: number;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationVersions"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/versions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One that ran, with its text and in what it differs from what runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationVersionText"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/versions/{id}/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In what it differs from another that ran */
        get: {
            parameters: {
                query: {
                    from: number;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            differences: components["schemas"]["Difference"][];
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/versions/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to one that ran
         * @description With `base` nothing is undone that whoever goes back has not seen.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default [] */
                        acknowledged?: string[];
                        /** @description The hash of the file when it was looked at: where it was written since, it is left as it is (412). */
                        base?: string;
                        /** @default  */
                        reason?: string;
                        /** @default false */
                        restart?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationVersion"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description Server-sent events. `calls`: `changed` are as `/calls` has them, `gone` are ids. `ended`: `records` in short. `trunk`: a trunk, as `/trunks` has it. `house`: bans, links, limits, certificates, restarts, overload, as far as they changed. `mirror`: whether the signalling process is heard. `test`: a step of a test of a trunk. `reset`: what happened since `Last-Event-ID` is not known any more: read all again. All that is read after the stream was opened is at least as new as what it told.
         */
        get: {
            parameters: {
                query?: {
                    /** @description As the header `Last-Event-ID`, for who cannot send one. */
                    after?: string;
                    /** @description One call. */
                    call?: string;
                    /** @description Which, with commas between: calls, ended, trunk, house, mirror, test; all unless given. */
                    kinds?: string;
                    /** @description Calls from or to numbers that begin so. */
                    number?: string;
                    /** @description Calls of callers there. */
                    site?: string;
                    /** @description Calls of it, ended ones too, and itself. */
                    trunk?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description text/event-stream */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the program lives
         * @description 503 when a process that calls need has been away for a minute, although it is started again. Draining is no fault. Also at `/healthz`, and at `health.listen`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a password, and sign in
         * @description The link is void from then on. Sessions that stood end. Where the account has one-time passwords and `code` is missing, the answer is 401 with `code` in `errors`, and the link still good: ask for it, and send all again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The one-time password, six digits; or one of the recovery codes, which is void then. */
                        code?: string;
                        /** @description Of the first administrator, who chooses it. */
                        name?: string;
                        /** @description At least 12 characters. Shown nowhere. */
                        password: string;
                        /** @description What stands behind the # of the link. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whom a link is for */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What stands behind the # of the link. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitationLook"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/log-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each process writes to the log */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LogLevels"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Write more to the log, or less
         * @description Until the program ends, also for a process that is started again; then TANDEM_LOG says it.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description The least that is written.
                         * @enum {string}
                         */
                        level: "debug" | "info" | "warn" | "error";
                        /** @description All unless given. */
                        process?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LogLevels"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password
         * @description All other sessions of the account end.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At least 12 characters. Shown nowhere. */
                        new: string;
                        /** @description That of the account, once more. */
                        old: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have other recovery codes made
         * @description Those before are void. They are told once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description That of the account, once more. */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Use one-time passwords from now on
         * @description All other sessions of the account end. The answer has the codes for when the telephone is gone; they are told once.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What the app shows. */
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Begin to use one-time passwords
         * @description They are asked for once `PUT /me/totp` has shown that the app has the secret.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description That of the account, once more. */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TotpOffer"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sign in without one-time passwords again */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description That of the account, once more. */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Copies of media on the disk, the newest first, and those that wait for their call */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MediaCaptures"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let go a copy */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `name` of the copy. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures/{name}/capture.pcapng": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A copy with the messages of its call, for Wireshark
         * @description Media in clear, and the SIP messages of both legs between it, in the order of time. Where a session description said RTP/SAVP it says RTP/AVP, since what follows is decrypted; keys and answers to challenges are written over. That it was downloaded is in the audit log.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `name` of the copy. */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures/armed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the media of the next call copied that fits
         * @description One call, which begins from now on; it is copied from its first packet on.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description With the keys that are pressed: only where the configuration has `tracing.keys: shown`.
                         * @default false
                         */
                        keys?: boolean;
                        /**
                         * @description How long it waits.
                         * @default 60
                         */
                        minutes?: number;
                        /** @description The caller’s or the called one, as it came; `+49*` takes a beginning. */
                        number?: string;
                        /** @description Why: for the record of the call and the audit log. */
                        reason: string;
                        /** @description How long at most; `tracing.media.longest` unless given. */
                        seconds?: number;
                        /** @description Octets at most; `tracing.media.size` unless given. */
                        size?: number;
                        /** @description On either side. */
                        trunk?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ArmedCapture"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures/armed/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Wait for a call no longer */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media-captures/rights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether who asks may have media copied */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CaptureRights"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What sites, trunks and links have to carry */
        get: {
            parameters: {
                query?: {
                    /** @description Reckoned from people, or from calls that were. */
                    by?: "users" | "records";
                    /** @description Of records: the last 31 days unless given. */
                    since?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is wrong now
         * @description The worst first. Who has only some sites is told of their trunks and calls.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Troubles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Profiles of providers and PBXs that a trunk may name */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profiles"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether new calls are taken
         * @description For load balancers and orchestrators: 503 while the signalling or the media process is being started or does not answer, and once the program drains. Also at `/readyz`, and at `health.listen`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls that have ended, newest first
         * @description A page that took too long ends early (`complete`): go on with `next`. `previous` of the newest page is where later calls will be.
         */
        get: {
            parameters: {
                query?: {
                    answered?: string;
                    /** @description How its id begins: those calls alone, whatever else is asked for, in the order of their ids. */
                    call?: string;
                    /** @description The `next` or `previous` of another page. */
                    cursor?: string;
                    emergency?: string;
                    /** @description No party chose the end; or one did. */
                    failed?: string;
                    limit?: number;
                    /** @description The caller’s or the called one, as received or as sent; `*` stands for anything. */
                    number?: string;
                    reason?: "hangup" | "cancelled" | "busy" | "rejected" | "no-route" | "no-capacity" | "no-bandwidth" | "answered-elsewhere" | "no-answer" | "no-progress" | "unreachable" | "bad-request" | "tested" | "loop" | "no-ack" | "media-silent" | "media-lost" | "no-media-ports" | "dialog-lost" | "transferred" | "session-expired" | "restarted" | "operator" | "drained" | "internal";
                    route?: string;
                    /** @description They began then or later. */
                    since?: string;
                    /** @description Where the caller was. */
                    site?: string;
                    /** @description The final SIP status of the far side. */
                    status?: number;
                    /** @description From it, or offered to it. */
                    trunk?: string;
                    /** @description They began before then. */
                    until?: string;
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Records"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole record of a call */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CallRecord"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registered-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users who have devices here, and where those are */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description In the name. */
                    text?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RegisteredUsers"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would become of the sample calls of the configuration that runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SampleResults"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would become of a call, without making it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RoutingQuestionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RoutingOutcome"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a password
         * @description Sets the cookie `tandem`. Where the account has one-time passwords and `code` is missing, the answer is 401 with `code` in `errors`: ask for it, and send all again. 429: wait as `Retry-After` says.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The one-time password, six digits; or one of the recovery codes, which is void then. */
                        code?: string;
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has signed in: all for administrators, else oneself */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Session"][];
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one can sign in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignIn"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of calls, step by step of a time
         * @description By the hour in which calls began; where a step is shorter, from the calls themselves as long as there are not too many. Who has only some sites asks for one of them, or of their trunks.
         */
        get: {
            parameters: {
                query: {
                    /** @description From the trunks that lead outside, or tries over them; those of the site, where one is given. */
                    direction?: "inbound" | "outbound";
                    intervalSeconds?: number;
                    /** @description Of the local time to UTC: steps of days begin by it. */
                    offsetMinutes?: number;
                    /** @description Of the trunk: calls that came from it, or tries over it. */
                    part?: "from" | "to";
                    /** @description Those alone that ended so. */
                    reason?: "hangup" | "cancelled" | "busy" | "rejected" | "no-route" | "no-capacity" | "no-bandwidth" | "answered-elsewhere" | "no-answer" | "no-progress" | "unreachable" | "bad-request" | "tested" | "loop" | "no-ack" | "media-silent" | "media-lost" | "no-media-ports" | "dialog-lost" | "transferred" | "session-expired" | "restarted" | "operator" | "drained" | "internal";
                    since: string;
                    /** @description Over its trunks, as `part` says. */
                    site?: string;
                    /** @description Calls over it; all calls unless given. */
                    trunk?: string;
                    until: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Statistics"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API tokens: all for administrators, else one’s own */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Token"][];
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an API token
         * @description The secret is in the answer, and is told never again: `Authorization: Bearer tdm_…`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description How long it holds; 90 days unless given, or what is allowed at most. */
                        hours?: number;
                        /** @description What it is for. */
                        name: string;
                        /**
                         * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
                         * @default viewer
                         * @enum {string}
                         */
                        role?: "viewer" | "operator" | "administrator";
                        /** @description The sites that he sees and changes; all where this is not given. */
                        sites?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeToken"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API token: at once */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites, links and trunks of what runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Topology"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topology/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where on the map things stand
         * @description Its ETag is what a change of it is asked for with.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TopologyPositions"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Arrange the map, for all
         * @description With `If-Match`, the ETag of what was looked at: two who arrange it do not overwrite each other.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TopologyPositionsInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TopologyPositions"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Calls whose messages are kept on the disk, newest first
         * @description Which are is in `tracing.keep` of the configuration; each is read as those of any other call.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description In the caller’s or the called one. */
                    number?: string;
                    reason?: "hangup" | "cancelled" | "busy" | "rejected" | "no-route" | "no-capacity" | "no-bandwidth" | "answered-elsewhere" | "no-answer" | "no-progress" | "unreachable" | "bad-request" | "tested" | "loop" | "no-ack" | "media-silent" | "media-lost" | "no-media-ports" | "dialog-lost" | "transferred" | "session-expired" | "restarted" | "operator" | "drained" | "internal";
                    /** @description They ended then or later. */
                    since?: string;
                    /** @description Of either side, or of a try. */
                    trunk?: string;
                    /** @description They ended before then. */
                    until?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["KeptTraces"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Let go what is kept on the disk of a call
         * @description Its record stays, and what is in memory still.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The id of the call. */
                    call: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All trunks as they stand */
        get: {
            parameters: {
                query?: {
                    state?: "up" | "partly-down" | "down" | "unknown" | "disabled";
                    /** @description In the name. */
                    text?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trunks"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{trunk}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trunk as it stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trunk"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{trunk}/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send OPTIONS to each target of a trunk at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * Format: date-time
                             * @description When it was taken.
                             */
                            at: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{trunk}/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a trunk register at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its name. */
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * Format: date-time
                             * @description When it was taken.
                             */
                            at: string;
                        };
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{trunk}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a trunk
         * @description Configuration, DNS, connection, TLS, OPTIONS, registration and, with a number, a call that is listened to (docs/trunk-test.md). Each step is told by `/events` as `test`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        caller?: string;
                        digits?: string;
                        /** @description To be called; it may ring there. */
                        number?: string;
                        /** @description Of listening. */
                        seconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TrunkTest"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{trunk}/test/{test}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a test of a trunk is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    test: string;
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TrunkTest"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Stop a test of a trunk; its call is hung up */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    test: string;
                    trunk: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which version runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Version"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What webhooks may be told of */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookEvents"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is told what happens, by name */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Webhooks"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Have somebody be told
         * @description The secret is in the answer, and is told never again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Certificates (PEM) of authorities that are believed beside the usual ones. */
                        ca?: string;
                        /**
                         * @description Whether it is told anything.
                         * @default true
                         */
                        enabled?: boolean;
                        /** @description Which: `GET /webhook-events` has them all. */
                        events: ("call.ended" | "call.emergency" | "trunk.down" | "trunk.partly-down" | "trunk.up" | "trunk.unregistered" | "trunk.registered" | "problem.began" | "problem.ended" | "configuration.changed" | "source.banned" | "certificate.expiring" | "certificate.replaced" | "certificate.refused")[];
                        /** @description What it is called in lists, metrics and the log. */
                        name: string;
                        /** @description What is of these sites, or of one of `trunks`; all where neither is given. */
                        sites?: string[];
                        /** @description What is of these trunks, or of one of `sites`. */
                        trunks?: string[];
                        /** @description Where it is posted to: https, or http to this machine itself. No names and passwords in it. */
                        url: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookSecret"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Webhook"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove it, with what waits for it */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change it
         * @description What waits goes where it is from now on. One that is enabled is not told of what happened before.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag that it had when it was looked at: where it has changed since, it is left as it is (412). */
                    "if-match"?: string;
                };
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description `null`: the usual ones alone. */
                        ca?: string | null;
                        /** @description Whether it is told anything. */
                        enabled?: boolean;
                        /** @description Which: `GET /webhook-events` has them all. */
                        events?: ("call.ended" | "call.emergency" | "trunk.down" | "trunk.partly-down" | "trunk.up" | "trunk.unregistered" | "trunk.registered" | "problem.began" | "problem.ended" | "configuration.changed" | "source.banned" | "certificate.expiring" | "certificate.replaced" | "certificate.refused")[];
                        /** @description What it is called in lists, metrics and the log. */
                        name?: string;
                        /** @description `null`: none. */
                        sites?: string[] | null;
                        /** @description `null`: none. */
                        trunks?: string[] | null;
                        /** @description Where it is posted to: https, or http to this machine itself. No names and passwords in it. */
                        url?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Webhook"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits, and the last 200 that do not any more; the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description `failed`: tried for a day, or not wanted any more; `dropped`: too many waited. */
                    state?: "waiting" | "taken" | "failed" | "dropped";
                };
                header?: never;
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookDeliveries"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message: what it says, and each try */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    delivery: number;
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookDeliveryDetail"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/deliveries/{delivery}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send it again, now
         * @description It has the same `webhook-id`: a receiver that has taken it may know that it has.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    delivery: number;
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookDelivery"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give it a new secret
         * @description Until the old one ends, messages bear a signature by each: receivers are changed in between.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description How long the old one holds; 0: it ends at once.
                         * @default 24
                         */
                        hours?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookSecret"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message at once, also to one that is disabled
         * @description It is tried once, for 10 s at most; what came of it is the answer.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Its id. */
                    webhook: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookDelivery"];
                    };
                };
                /** @description Default Response */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "call.emergency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody calls for help. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CallEmergencyMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "call.ended": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A call has ended, whether it was answered or not: its record, as `GET /records/{call}` has it. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CallEndedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "certificate.expiring": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A certificate in use ends in 30, 14, 7, 3 days or one, or has ended (`daysLeft`). */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CertificateExpiringMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "certificate.refused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New files of a certificate are not taken (`problem`); what was read before serves on. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CertificateRefusedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "certificate.replaced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another certificate has taken its place. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CertificateReplacedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "configuration.changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another configuration holds: who committed it, and why. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfigurationChangedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "problem.began": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Something is wrong: a sentence of `GET /problems`, once it has stood for some 5 s. Failing trunks, one-way audio, causes of ends that come often, overload, what is nearly full, certificates, records that cannot be written. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProblemBeganMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "problem.ended": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It has not been so for half a minute. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProblemEndedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "source.banned": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sources are kept out for a while, since they flood or guess; once in 10 s at most. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SourceBannedMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "trunk.down": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** No target of a trunk can be reached. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrunkDownMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "trunk.partly-down": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Some targets of a trunk cannot be reached. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrunkPartlyDownMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "trunk.registered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is registered again. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrunkRegisteredMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "trunk.unregistered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A trunk is not registered any more, or cannot be. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrunkUnregisteredMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "trunk.up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All targets of a trunk can be reached again. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrunkUpMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody wanted to see whether it arrives. Every webhook is told of it, wanted or not. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description The same message has the same id each time. */
                    "webhook-id": string;
                    /** @description `v1,` and HMAC-SHA-256 of `id.timestamp.body`, base64; of two secrets two. */
                    "webhook-signature": string;
                    /** @description When it was sent, Unix time. */
                    "webhook-timestamp": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookTestMessage"];
                };
            };
            responses: {
                /** @description It is taken. */
                "2XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is not wanted any more: the webhook is disabled. */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description It is sent again later. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description Somebody who may sign in. */
        Account: {
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            created: string;
            /**
             * @description How he signs in: here, or at the provider.
             * @enum {string}
             */
            method: "password" | "oidc";
            name: string;
            /**
             * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
             * @enum {string}
             */
            role: "viewer" | "operator" | "administrator";
            /**
             * Format: date-time
             * @description When he signed in last.
             */
            signedIn?: string;
            /** @description The sites that he sees and changes; all where this is not given. */
            sites?: string[];
            /**
             * @description `invited`: he has not chosen a password yet. `disabled`: he may not sign in.
             * @enum {string}
             */
            state: "active" | "invited" | "disabled";
            /** @description Whether he signs in with a one-time password besides. */
            totp: boolean;
            /** @description Names what he may do: another one where that was changed. The ETag as well. */
            version: number;
        };
        /** @description The next call that fits is copied: one call. */
        ArmedCapture: {
            by: string;
            id: string;
            number?: string;
            reason: string;
            /** Format: date-time */
            since: string;
            trunk?: string;
            /**
             * Format: date-time
             * @description It waits no longer.
             */
            until: string;
        };
        /** @description One try to reach one target of one trunk. */
        Attempt: {
            /** Format: date-time */
            answeredAt?: string;
            called: string;
            caller: string;
            end: components["schemas"]["EndCause"];
            /** Format: date-time */
            endedAt: string;
            leg: components["schemas"]["Leg"];
            /** Format: date-time */
            ringingAt?: string;
            /** Format: date-time */
            startedAt: string;
        };
        Audit: {
            items: components["schemas"]["AuditEntry"][];
            /** @description The cursor of the next page; absent: this is the last. */
            next?: string;
            /** @description Whether all rows of the page are as they were written. */
            verified: boolean;
        };
        /** @description Something that somebody changed, or tried to. */
        AuditEntry: {
            /** @description `sent`, `before`, `after` as far as they are told; secrets read `(secret)`. */
            detail: {
                [key: string]: unknown;
            };
            /** @description SHA-256 over the row and the hash before it, hex. */
            hash: string;
            /** @description In the order of writing, from 1 on. */
            id: number;
            /** @description The path that was asked for. */
            object: string;
            /** @description The address that it came from; empty at the Unix socket. */
            source: string;
            /** @description The HTTP status of the answer: 2xx was done. */
            status: number;
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            time: string;
            /** @description Whether the row is as it was written. */
            verified: boolean;
            /** @description `socket`, `session`, `token`; empty of who had not signed in. */
            via: string;
            /** @description Method and route. */
            what: string;
            /** @description The account; `account/token` of a token; `local` of who runs the program. */
            who: string;
        };
        AuditVerification: {
            /** @description The first row that is not as it was written, or is missing. */
            brokenAt?: number;
            /** @description How many of them were let go since they were old (`management.audit`). */
            cut: number;
            /** @description The hash of the last row: keep it elsewhere to find out when rows are gone. */
            head: string;
            /** @description How many were written ever. */
            rows: number;
            verified: boolean;
        };
        /** @description Somebody who is kept out for a while. */
        Ban: {
            /** @description What it did: the name that a scanner calls itself, say. */
            detail: string;
            reason: string;
            /** Format: date-time */
            since: string;
            /** @description An address, or a /64 of IPv6. */
            source: string;
            /** @description How often in a row it was banned: each lasts longer than the one before. */
            times?: number;
            /** Format: date-time */
            until: string;
        };
        Bans: {
            items: components["schemas"]["Ban"][];
        };
        /** @description A call that stands. */
        Call: {
            /** Format: date-time */
            answeredAt?: string;
            /** @description Its id. */
            call: string;
            /** @description As it was received. */
            called: string;
            /** @description As it was received. */
            caller: string;
            /** @description Copies of its media that somebody had made, or has made. */
            captures?: components["schemas"]["MediaCapture"][];
            codecs?: {
                callee?: string;
                caller?: string;
            };
            /** @description Of a call for help: its number, as trunks get it. */
            emergency?: string;
            /** @description Sides whose media is encrypted with us. */
            encrypted?: ("caller" | "callee")[];
            /** @description Tries that came to nothing before. */
            failed?: number;
            /** @constant */
            fax?: true;
            /** @description Where it came from. */
            from: {
                /** @description The Call-ID of the side. */
                callId?: string;
                /** @description Where it is: `udp 192.0.2.1:5060`. */
                remote?: string;
                trunk: string;
            };
            /** @description Sides that keep the other one waiting. */
            hold?: ("caller" | "callee")[];
            /**
             * @description `bypass`: media goes past us.
             * @enum {string}
             */
            media?: "anchor" | "bypass";
            /** @enum {string} */
            phase: "setup" | "answered";
            /** Format: date-time */
            ringingAt?: string;
            route?: string;
            /** @description Sides from which nothing is heard and something should be. */
            silent?: ("caller" | "callee")[];
            /** @description Where the caller is. */
            site?: string;
            /** Format: date-time */
            startedAt: string;
            /** @description Where it is being set up to, or talks with. */
            to?: {
                /** @description The Call-ID of the side. */
                callId?: string;
                /** @description Where it is: `udp 192.0.2.1:5060`. */
                remote?: string;
                trunk: string;
            };
            /** @description Whose rules it follows. */
            user?: string;
        };
        /** @description Somebody calls for help. */
        CallEmergencyMessage: {
            data: {
                /** @description Its id. */
                call: string;
                /** @description As it was dialled. */
                called: string;
                caller: string;
                /** @description The number, as trunks get it. */
                emergency: string;
                /** @description The trunk, or the user, that it came from. */
                from: string;
                /** @description Where the caller is. */
                site?: string;
                /** Format: date-time */
                started: string;
                user?: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "call.emergency";
        };
        /** @description A call has ended, whether it was answered or not: its record, as `GET /records/{call}` has it. */
        CallEndedMessage: {
            data: components["schemas"]["CallRecord"];
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "call.ended";
        };
        /** @description What became of a call that has ended. */
        CallRecord: {
            /** Format: date-time */
            answeredAt?: string;
            attempts: components["schemas"]["Attempt"][];
            basis?: {
                policy?: string;
                site?: string;
                usage?: string;
                user?: string;
            };
            /** @constant */
            bypassed?: true;
            call: string;
            called: string;
            caller: string;
            /** @description Copies of its media that somebody had made. */
            captures?: components["schemas"]["MediaCapture"][];
            decisions: components["schemas"]["Decision"][];
            emergency?: string;
            end: components["schemas"]["EndCause"];
            /** Format: date-time */
            endedAt: string;
            leg: components["schemas"]["Leg"];
            /** @description Absent: not measured. */
            media?: components["schemas"]["StreamCounters"][];
            /** Format: date-time */
            ringingAt?: string;
            route?: string;
            /** Format: date-time */
            startedAt: string;
            talkMs: number;
        };
        /** @description A call that has ended, in short. */
        CallRecordLine: {
            /** Format: date-time */
            answeredAt?: string;
            /** @description How often it was tried. */
            attempts: number;
            /** @constant */
            bypassed?: true;
            call: string;
            called: string;
            caller: string;
            emergency?: string;
            end: components["schemas"]["EndCause"];
            /** Format: date-time */
            endedAt: string;
            /** @description The trunk, or the user, that it came from. */
            from: string;
            /** Format: date-time */
            ringingAt?: string;
            route?: string;
            site?: string;
            /** Format: date-time */
            startedAt: string;
            talkMs: number;
            /** @description The trunk, or the user, that took it, or was tried last. */
            to?: string;
            user?: string;
        };
        Calls: {
            items: components["schemas"]["Call"][];
            /** @description How old this is. */
            lagMs: number;
            next?: string;
            /** @description All calls. */
            standing: number;
            /**
             * @description `lost`: nobody tells what happens, and this is old.
             * @enum {string}
             */
            state: "reading" | "current" | "lost";
            /** @description All that fit. */
            total: number;
        };
        /** @description What is used of something that has a limit. */
        Capacity: {
            /** @description What calls take one way, kbit/s. */
            audioKbits?: number;
            audioLimitKbits?: number;
            calls: number;
            /** @enum {string} */
            kind: "trunk" | "group" | "site" | "link";
            /** @description Of calls. */
            limit?: number;
            /** @description `trunk itsp`, `group carriers`, `site berlin`, `the link of berlin`. */
            name: string;
            /** @description Calls that found no room, since the program began. */
            refused?: number;
            said?: components["schemas"]["Said"];
            /** @description Of what may be at most, 0 to 1 (audio and video: the fuller one); absent: no limit. */
            share?: number;
            videoKbits?: number;
            videoLimitKbits?: number;
        };
        CapacityList: {
            items: components["schemas"]["Capacity"][];
        };
        /** @description A copy of media on the disk; without what its record told, where that is gone. */
        CaptureFile: {
            by?: string;
            call: string;
            /** @description `name` of the copy that this one goes on from: the call before became this one by a transfer. */
            continues?: string;
            /** @description Of `failed`. */
            detail?: string;
            /** @description Packets that are not in it, since the disk did not keep up. */
            dropped?: number;
            /**
             * Format: date-time
             * @description Absent: it goes on.
             */
            endedAt?: string;
            /**
             * @description The keys that were pressed can be read in it.
             * @constant
             */
            keys?: true;
            /** @description At most so much. */
            limits?: {
                seconds: number;
                /** @description Octets. */
                size: number;
            };
            name: string;
            /** @description Of the file, until now. */
            octets: number;
            packets?: number;
            /** @description Why he wanted it. */
            reason?: string;
            /** Format: date-time */
            startedAt?: string;
            /**
             * @description Why it ended: somebody stopped it, a limit was reached, its call ended, its file could not be written, or the media process died.
             * @enum {string}
             */
            why?: "stopped" | "time" | "size" | "closed" | "failed" | "lost";
            /**
             * Format: date-time
             * @description When it was written to last.
             */
            writtenAt: string;
        };
        /** @description Whether who asks may have media copied, and within which limits. */
        CaptureRights: {
            allowed: boolean;
            /** @description Whether the keys that are pressed may be in it. */
            keys?: boolean;
            /** @description How long one may be. */
            seconds?: number;
            sites?: string[];
            /** @description Octets that one may have. */
            size?: number;
            /** @description Only calls of these, or of `sites`; of all unless given. */
            trunks?: string[];
            /** @description Where not: who says so, and what would have it be otherwise. */
            why?: string;
        };
        /** @description A certificate that is in use; its files are read again when they change. */
        Certificate: {
            /** @description Days; negative: it has expired. */
            daysLeft?: number;
            files: string[];
            /** @description As long as the configuration names the same files. */
            id: string;
            /**
             * @description Ours, or roots by which we believe others.
             * @enum {string}
             */
            kind: "certificate" | "trust";
            /** @description When what is shown now was read. */
            loaded?: string;
            /** @description That it bears. */
            names: string[];
            /** @description When it expires. */
            notAfter?: string;
            /** @description Why it cannot be used. */
            problem?: string;
            /** @description What uses it: `listener wan`, `trunk itsp`. */
            users: string[];
            warnings: string[];
        };
        /** @description A certificate in use ends in 30, 14, 7, 3 days or one, or has ended (`daysLeft`). */
        CertificateExpiringMessage: {
            data: components["schemas"]["Certificate"];
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "certificate.expiring";
        };
        /** @description A certificate with all that its files say. No key. */
        CertificateFiles: {
            /** @description As the files are: our own first; of trust all. */
            chain: components["schemas"]["ChainPart"][];
            /** @description Days; negative: it has expired. */
            daysLeft?: number;
            files: string[];
            /** @description What is wrong with what lies in the files. */
            findings: components["schemas"]["CertificateFinding"][];
            /** @description Whether the key is that of the certificate; absent where one cannot be read. */
            fits?: boolean;
            /** @description As long as the configuration names the same files. */
            id: string;
            /**
             * @description Ours, or roots by which we believe others.
             * @enum {string}
             */
            kind: "certificate" | "trust";
            /** @description When what is shown now was read. */
            loaded?: string;
            /** @description Why the API cannot write its files. */
            locked?: string;
            /** @description That it bears. */
            names: string[];
            /** @description When it expires. */
            notAfter?: string;
            /** @description What was in place until it was replaced here, and by whom: it can be gone back to. */
            previous?: {
                at: string;
                names: string[];
                notAfter?: string;
                who: string;
            };
            /** @description Why it cannot be used. */
            problem?: string;
            /** @description What uses it: `listener wan`, `trunk itsp`. */
            users: string[];
            /** @description Of what lies in the files: the ETag. */
            version: string;
            /** @description Names by which others call us there. */
            wanted: string[];
            warnings: string[];
        };
        /** @description What is wrong, or doubtful, with a certificate. */
        CertificateFinding: {
            code: string;
            /** @description What to do; may be empty. */
            cure: string;
            message: string;
            /**
             * @description `error`: it cannot be used. `doubt`: it is taken where `accept` has its code.
             * @enum {string}
             */
            severity: "error" | "doubt" | "warning";
        };
        /** @description Where a certificate, or roots, could be, and the configuration names none. */
        CertificatePlace: {
            /** @description As long as the configuration names the same files. */
            id: string;
            /** @enum {string} */
            kind: "certificate" | "trust";
            /** @description By which others call us there: what a certificate has to bear. */
            names: string[];
            users: string[];
        };
        /** @description New files of a certificate are not taken (`problem`); what was read before serves on. */
        CertificateRefusedMessage: {
            data: components["schemas"]["Certificate"];
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "certificate.refused";
        };
        /** @description Another certificate has taken its place. */
        CertificateReplacedMessage: {
            data: components["schemas"]["Certificate"];
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "certificate.replaced";
        };
        /** @description A request for a certificate. Its key was made here, and stays. */
        CertificateRequest: {
            at: string;
            /** @description PEM (PKCS #10): what an authority is sent. */
            csr: string;
            id: string;
            /** @enum {string} */
            kind: "rsa-2048" | "rsa-3072" | "ecdsa-p256";
            names: string[];
            /** @description What it is meant for: `listener wan`. */
            use?: string;
            who: string;
        };
        CertificateRequests: {
            items: components["schemas"]["CertificateRequest"][];
        };
        Certificates: {
            items: components["schemas"]["Certificate"][];
            /** @description Where one could be, and the configuration names none. */
            places: components["schemas"]["CertificatePlace"][];
        };
        CertificateVerdict: {
            chain: components["schemas"]["ChainPart"][];
            findings: components["schemas"]["CertificateFinding"][];
            /**
             * @description Where the key comes from.
             * @enum {string}
             */
            key?: "sent" | "request" | "in-place";
            /** @description It would be taken. */
            ok: boolean;
        };
        /** @description One certificate of a chain. */
        ChainPart: {
            authority: boolean;
            issuer: string;
            /** @description `RSA 2048`, `EC prime256v1`. */
            key: string;
            names: string[];
            notAfter: string;
            notBefore: string;
            /** @description In hexadecimal digits. */
            serial: string;
            /** @description Its fingerprint. */
            sha256: string;
            signature: string;
            subject: string;
        };
        /** @description Another configuration holds: who committed it, and why. */
        ConfigurationChangedMessage: {
            data: components["schemas"]["ConfigurationVersion"];
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "configuration.changed";
        };
        ConfigurationContents: {
            /** @description Of what is in a list: `trunks itsp`, or by its place where it has no name: `links 0`. */
            lines: {
                [key: string]: number;
            };
            tree: {
                [key: string]: unknown;
            };
        };
        ConfigurationFile: {
            file: string;
            /** @description Names the text; the ETag as well. */
            hash: string;
            /** @description In what the file differs from what runs: somebody wrote it. */
            pending: components["schemas"]["Difference"][];
            sound: boolean;
            text: string;
        };
        ConfigurationVersion: {
            /** Format: date-time */
            at: string;
            /**
             * @description `file`: somebody wrote the file.
             * @enum {string}
             */
            by: "commit" | "rollback" | "file";
            /** @description In how many things it differs from the one before it. */
            differences: number;
            hash: string;
            id: number;
            reason: string;
            who: string;
        };
        ConfigurationVersions: {
            items: components["schemas"]["ConfigurationVersion"][];
            next?: string;
        };
        ConfigurationVersionText: {
            /** Format: date-time */
            at: string;
            /**
             * @description `file`: somebody wrote the file.
             * @enum {string}
             */
            by: "commit" | "rollback" | "file";
            differences: number;
            hash: string;
            id: number;
            reason: string;
            text: string;
            toRunning: components["schemas"]["Difference"][];
            who: string;
        };
        /** @description A rule that was tried, and what came of it. */
        Decision: {
            /** @description What would have the rule take the call, where it did not and nothing else did. */
            cure?: string;
            outcome: string;
            rule: string;
            /** @description Both in parts, where they are no names. */
            said?: {
                outcome?: components["schemas"]["Said"];
                rule?: components["schemas"]["Said"];
            };
        };
        /** @description One thing in which two configurations differ. */
        Difference: {
            /**
             * @description When it holds: at once; for calls that begin after it; when the signalling process is started again.
             * @enum {string}
             */
            effect: "live" | "new-calls" | "restart";
            /** @description Absent: there is no such thing. */
            is?: unknown;
            /** @description Keys, and names of what is in lists. */
            path: string[];
            /** @description Absent: there was no such thing. Secrets are not shown. */
            was?: unknown;
        };
        /** @description What somebody is changing, and has not committed. */
        Draft: {
            /** Format: date-time */
            at: string;
            /** @description The hash of the text that it began with. */
            base: string;
            /** @description How it came to be; absent where it was written as a whole. */
            edits?: components["schemas"]["Edit"][];
            examination: components["schemas"]["Examination"];
            /** @description The file was changed since: it cannot be committed before it is brought up to date. */
            outdated: boolean;
            text: string;
        };
        /** @description One change of the configuration file; its comments stay. */
        Edit: {
            /** @description Of what is in a list: the name, or the place, of what it is to stand before; null: it is to stand at the end. Without a `value` what is there is moved, its comments with it. */
            before?: string | number | null;
            /** @description Keys; of what is in a list its name, or its place. */
            path: (string | number)[];
            /** @description What is to stand there; nothing when absent. In a list under a name that it has not: at its end. */
            value?: unknown;
            /** @description What stood there when it was looked at, null for nothing: where something else does, it is a conflict. */
            was?: unknown;
        };
        /** @description One change of the configuration file; its comments stay. */
        EditInput: {
            /** @description Of what is in a list: the name, or the place, of what it is to stand before; null: it is to stand at the end. Without a `value` what is there is moved, its comments with it. */
            before?: string | number | null;
            /** @description Keys; of what is in a list its name, or its place. */
            path: (string | number)[];
            /** @description What is to stand there; nothing when absent. In a list under a name that it has not: at its end. */
            value?: unknown;
            /** @description What stood there when it was looked at, null for nothing: where something else does, it is a conflict. */
            was?: unknown;
        };
        EffectiveSetting: {
            /** @description `file`: it stands with the object; `default`; or where it takes it from: `site berlin`, `trunk-defaults`. */
            from: string;
            /** @description From 1; absent of a default. */
            line?: number;
            /** @description Below the object. */
            path: string[];
            /** @description As the file would have it; `(secret)` for what is shown nowhere. */
            value?: string;
            /** @description What stands there, where variables are in it. */
            written?: string;
        };
        EffectiveSettings: {
            items: components["schemas"]["EffectiveSetting"][];
        };
        EndCause: {
            /** @enum {string} */
            by: "caller" | "callee" | "tandem" | "nobody";
            /** @description No party chose it. */
            failure: boolean;
            q850?: {
                cause: number;
                text?: string;
            };
            /** @description One word of docs/end-causes.md. */
            reason: string;
            reasonHeader?: string;
            sip?: {
                phrase: string;
                status: number;
            };
            /** @description In a sentence. */
            text: string;
        };
        /** @description What a configuration would mean. */
        Examination: {
            /** @description To what runs; empty where it is not sound. */
            differences: components["schemas"]["Difference"][];
            findings: components["schemas"]["Finding"][];
            /** @description How many findings there are besides: these are enough to begin with. */
            more?: number;
            samples: components["schemas"]["SampleChange"][];
            /** @description Whether it could be committed, sample calls apart. */
            sound: boolean;
        };
        /** @description What became of the calls that ended in some time. */
        Figures: {
            /** @description How long answered ones lasted on average. */
            acdMs?: number;
            answered: number;
            /** @description Answered of all (ITU-T E.411), 0 to 1; absent: there was none. */
            asr?: number;
            calls: number;
            /** @description Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1; absent: there was none. */
            ner?: number;
            /** @description How they ended, by reason. */
            reasons: {
                [key: string]: number;
            };
        };
        /** @description What is wrong, or doubtful, in a configuration. */
        Finding: {
            /** @description `TDM-1104`: `tandem explain` says more. */
            code: string;
            /** @description From 1. */
            column: number;
            cure: string;
            /** @description From 1. */
            line: number;
            message: string;
            /** @description `trunks[0].addresses[1]`. */
            path: string;
            /** @description `trunk "itsp-a"`. */
            place: string;
            /** @enum {string} */
            severity: "error" | "warning";
        };
        /** @description Whether the program lives, or takes calls, and what keeps it from that. */
        Health: {
            checks: {
                detail?: string;
                name: string;
                ok: boolean;
            }[];
            /** @enum {string} */
            status: "ready" | "not-ready" | "alive" | "not-alive";
        };
        /** @description A link by which somebody chooses his password, once. */
        Invitation: {
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            expires: string;
            /** @description The same for `POST /invitation`. It is told once. */
            token: string;
            /** @description Open it in a browser; absent where the API is at its Unix socket alone. */
            url?: string;
        };
        InvitationLook: {
            /** @description Absent: of the first administrator, who chooses it. */
            name?: string;
            /**
             * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
             * @enum {string}
             */
            role: "viewer" | "operator" | "administrator";
        };
        InvitedAccount: {
            account: components["schemas"]["Account"];
            invitation: components["schemas"]["Invitation"];
        };
        KeptCertificateFiles: {
            edits: {
                path: string[];
                value: unknown;
            }[];
            files: string[];
            findings: components["schemas"]["CertificateFinding"][];
        };
        KeptCertificateInput: {
            /**
             * @description Codes of doubts that are meant so: `chain-incomplete`, `names`.
             * @default []
             */
            accept: string[];
            /** @description PEM: PKCS #8, PKCS #1 or SEC 1. Not for a request that was made here, or where the key stays: it is on the server. */
            key?: string;
            /**
             * @default certificate
             * @enum {string}
             */
            kind: "certificate" | "trust";
            /** @description Of an encrypted key. It is kept nowhere. */
            passphrase?: string;
            /** @description PEM: the certificate with its chain, in any order, perhaps its key with it; of trust, the certificates of authorities. */
            pem: string;
            /** @description What it is for: `listener wan`, `trunk itsp`, `management`. */
            use: string;
        };
        /** @description A call whose messages are kept on the disk. */
        KeptTrace: {
            call: string;
            called: string;
            caller: string;
            /** Format: date-time */
            endedAt: string;
            /** @description How many there are. */
            messages: number;
            /** @description Why it ended. */
            reason: string;
            /** @description Of both sides, and of every try. */
            trunks: string[];
        };
        KeptTraces: {
            items: components["schemas"]["KeptTrace"][];
            next?: string;
            /** @description What all take of the disk. */
            octets: number;
            /** @description Those that are kept, whatever was asked for. */
            total: number;
        };
        Leg: {
            callId: string;
            localTag: string;
            remote: string;
            remoteTag: string;
            trunk: string;
        };
        /** @description The most that calls may take of a link. */
        LinkBandwidth: {
            /** @description Of all calls together, one way. */
            audioKbits: number;
            /** @description Of one call. */
            audioSessionKbits: number;
            videoKbits: number;
            videoSessionKbits: number;
        };
        /** @description What each process writes to the log (docs/logs.md). */
        LogLevels: {
            /** @description By name: `signalling`, `media`, `management`. */
            processes: {
                [key: string]: "debug" | "info" | "warn" | "error";
            };
        };
        MadeToken: {
            /** @description `tdm_…`; it is told once. */
            secret: string;
            token: components["schemas"]["Token"];
        };
        /** @description Who asks. */
        Me: {
            /**
             * @description Of a session: how he signed in.
             * @enum {string}
             */
            method?: "password" | "oidc";
            name: string;
            /** @description Where he does: how many codes are left that he could sign in by without his telephone. */
            recoveryCodes?: number;
            /**
             * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
             * @enum {string}
             */
            role: "viewer" | "operator" | "administrator";
            /** @description The sites that he sees and changes; all where this is not given. */
            sites?: string[];
            /** @description Of a session: whether he signs in with a one-time password besides. */
            totp?: boolean;
            /**
             * @description How it is known who asks.
             * @enum {string}
             */
            via: "socket" | "session" | "token";
        };
        /** @description A copy of the media of a call in a file. */
        MediaCapture: {
            by: string;
            /** @description `name` of the copy that this one goes on from: the call before became this one by a transfer. */
            continues?: string;
            /** @description Of `failed`. */
            detail?: string;
            /** @description Packets that are not in it, since the disk did not keep up. */
            dropped?: number;
            /**
             * Format: date-time
             * @description Absent: it goes on.
             */
            endedAt?: string;
            /**
             * @description The keys that were pressed can be read in it.
             * @constant
             */
            keys?: true;
            /** @description At most so much. */
            limits?: {
                seconds: number;
                /** @description Octets. */
                size: number;
            };
            /** @description Of its file, and of what is downloaded. */
            name: string;
            /** @description Of its file. */
            octets?: number;
            packets?: number;
            /** @description Why he wanted it. */
            reason: string;
            /** Format: date-time */
            startedAt: string;
            /**
             * @description Why it ended: somebody stopped it, a limit was reached, its call ended, its file could not be written, or the media process died.
             * @enum {string}
             */
            why?: "stopped" | "time" | "size" | "closed" | "failed" | "lost";
        };
        MediaCaptures: {
            armed: components["schemas"]["ArmedCapture"][];
            items: components["schemas"]["CaptureFile"][];
            /** @description Of one copy, at most. */
            limits: {
                /** @description Whether the keys that are pressed may be in it. */
                keys: boolean;
                /** @description How long one may be. */
                seconds: number;
                /** @description Octets that one may have. */
                size: number;
            };
        };
        /** @description A SIP message of a call. */
        Message: {
            /** Format: date-time */
            at: string;
            /** @description Unix milliseconds, with fractions. */
            atMs: number;
            callId: string;
            firstLine: string;
            /** @description The trunk, or the user, on whose leg it went. */
            leg: string;
            /** @description Ours: `192.0.2.1:5060`. */
            local: string;
            remote: string;
            /** @description Whether we sent it. */
            sent: boolean;
            /** @description The message; answers to challenges and keys of SRTP are written over with x. */
            text: string;
            transport: string;
        };
        Messages: {
            call: string;
            /**
             * @description `kept`: as they were kept on the disk when the call had ended.
             * @enum {string}
             */
            from: "memory" | "kept";
            messages: components["schemas"]["Message"][];
        };
        NewCertificateRequestInput: {
            country?: string;
            /**
             * @description Of the key. Some SIP services, Microsoft Teams among them, want RSA.
             * @default rsa-2048
             * @enum {string}
             */
            kind: "rsa-2048" | "rsa-3072" | "ecdsa-p256";
            locality?: string;
            /** @description Host names and addresses that the certificate is to bear; the first is its CN too. */
            names: string[];
            organization?: string;
            state?: string;
            /** @description What it is meant for, for people: `listener wan`. */
            use?: string;
        };
        OfferedCertificateInput: {
            /**
             * @description Codes of doubts that are meant so: `chain-incomplete`, `names`.
             * @default []
             */
            accept: string[];
            /** @description PEM: PKCS #8, PKCS #1 or SEC 1. Not for a request that was made here, or where the key stays: it is on the server. */
            key?: string;
            /** @description Of an encrypted key. It is kept nowhere. */
            passphrase?: string;
            /** @description PEM: the certificate with its chain, in any order, perhaps its key with it; of trust, the certificates of authorities. */
            pem: string;
        };
        /** @description How big everything has to be, each figure with its arithmetic. */
        Plan: {
            bandwidth: components["schemas"]["PlanFigure"][];
            /** @description What does not fit. */
            doubts: string[];
            queues: {
                agents: number;
                figures: components["schemas"]["PlanFigure"][];
                lines: number;
                name: string;
            }[];
            /** @description What it was measured by; absent: it is reckoned from the numbers of users. */
            records?: {
                calls: number;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            sites: {
                advice: {
                    /** @enum {string} */
                    about: "connection" | "survivability" | "way-out";
                    /** @description Absent: it is not known. */
                    advised?: string;
                    doubt?: string;
                    /** @description What is there already. */
                    has: string[];
                    why: string;
                }[];
                /** @description One way, of that many calls. */
                bandwidthKbits: number;
                /** @description At once, to be ready for. */
                calls: number;
                figures: components["schemas"]["PlanFigure"][];
                name: string;
                users: number;
            }[];
            /** @description Only by records. */
            trunks: {
                /** @description Calls at once; absent: no limit. */
                capacity?: number;
                doubt?: string;
                figures: components["schemas"]["PlanFigure"][];
                lines: number;
                name: string;
            }[];
            whole: components["schemas"]["PlanFigure"][];
        };
        PlanFigure: {
            /** @description The arithmetic, as one would do it by hand. */
            how: string;
            /** @description Empty where it is a count or a share. */
            unit: string;
            value: number;
            what: string;
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /** @description What exactly went wrong, and what to do. */
            detail?: string;
            /** @description Each thing that is wrong, where there are several. */
            errors?: {
                /** @description `TDM-1104`: `tandem explain` says more; or a word of the route, such as `key-mismatch`. */
                code?: string;
                detail: string;
                /** @description Where: a field of the request, or a place in the configuration. */
                place: string;
            }[];
            /** @description The HTTP status. */
            status: number;
            /** @description The kind, in a few words. */
            title: string;
            /** @description What kind of problem: a page of the manual, or `about:blank`. */
            type: string;
        };
        /** @description Something is wrong: a sentence of `GET /problems`, once it has stood for some 5 s. Failing trunks, one-way audio, causes of ends that come often, overload, what is nearly full, certificates, records that cannot be written. */
        ProblemBeganMessage: {
            data: {
                problem: components["schemas"]["Trouble"];
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "problem.began";
        };
        /** @description It has not been so for half a minute. */
        ProblemEndedMessage: {
            data: {
                /** Format: date-time */
                ended: string;
                problem: components["schemas"]["Trouble"];
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "problem.ended";
        };
        /** @description What a provider or PBX can do and wants. */
        Profile: {
            /** @description Of trunks that it is for. */
            kinds: string[];
            name: string;
            /** @enum {string} */
            registration?: "required" | "optional" | "unsupported";
            /** @enum {string} */
            srtp?: "required" | "optional" | "unsupported";
            title: string;
            /** @description The safest first; empty: it does not say. */
            transports: string[];
        };
        Profiles: {
            items: components["schemas"]["Profile"][];
        };
        /** @description What an end of a call told of its voice (RFC 6035). */
        QualityReport: {
            alert?: {
                /** @enum {string} */
                direction: "local" | "remote";
                metric: string;
                /** @enum {string} */
                severity: "warning" | "critical" | "clear";
            };
            /** @enum {string} */
            kind: "session" | "interval" | "alert";
            /** @description What was not measured is absent. */
            local: {
                codec?: string;
                /** @description Packets that came too late for its jitter buffer, 0 to 100. */
                discardPercent?: number;
                /** @description Interarrival jitter. */
                jitterMs?: number;
                /** @description Packets that were lost on the way to it, 0 to 100. */
                lossPercent?: number;
                /** @description The same of who talked and listened. */
                mosConversational?: number;
                /** @description What it reckons that a listener thought, 1 to 5. */
                mosListening?: number;
                /** @description To the other end and back. */
                roundTripMs?: number;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description At which end of the call it was measured.
             * @enum {string}
             */
            party: "caller" | "callee";
            /** Format: date-time */
            receivedAt: string;
            /** @description What was not measured is absent. */
            remote?: {
                codec?: string;
                /** @description Packets that came too late for its jitter buffer, 0 to 100. */
                discardPercent?: number;
                /** @description Interarrival jitter. */
                jitterMs?: number;
                /** @description Packets that were lost on the way to it, 0 to 100. */
                lossPercent?: number;
                /** @description The same of who talked and listened. */
                mosConversational?: number;
                /** @description What it reckons that a listener thought, 1 to 5. */
                mosListening?: number;
                /** @description To the other end and back. */
                roundTripMs?: number;
            } & {
                [key: string]: unknown;
            };
            /** @description The trunk, or the user, that it came from. */
            source: string;
        };
        Records: {
            /** @description False: the page ends early, older ones are to be asked for. */
            complete: boolean;
            /** @description The total is by the hour, or of tries in place of calls. */
            estimated?: boolean;
            items: components["schemas"]["CallRecordLine"][];
            /** @description Older ones. */
            next?: string;
            /** @description Newer ones. */
            previous?: string;
            /** @description How many fit in all; absent: nobody knows. */
            total?: number;
        };
        /** @description What one signs in by when the telephone is gone. */
        RecoveryCodes: {
            /** @description Each is good once, in place of a one-time password. They are told once: keep them elsewhere. */
            recoveryCodes: string[];
        };
        /** @description Somebody with devices here, or in a call. */
        RegisteredUser: {
            /** @description That ring or talk. */
            calls: number;
            devices: ({
                /** @description By which flow it is reached. */
                at: string;
                contact: string;
                expires: string;
                userAgent?: string;
            } & {
                [key: string]: unknown;
            })[];
            inCall: boolean;
            user: string;
        };
        RegisteredUsers: {
            items: components["schemas"]["RegisteredUser"][];
            next?: string;
            total: number;
        };
        /** @description What would become of a call, and why. */
        RoutingOutcome: {
            decisions: components["schemas"]["Decision"][];
            /** @description The called number as routing knows it. */
            number: string;
            /** @description The status that the caller would get at once. */
            refused?: number;
            /** @description Absent: none takes it. */
            route?: string;
            trunks: {
                /** @description As it is written to the trunk. */
                called: string;
                /** @description In place of the caller’s own number. */
                caller?: string;
                trunk: string;
            }[];
            /** @description Whose number it is: his devices ring, and no route is asked. */
            user?: string;
        };
        RoutingQuestionInput: {
            /**
             * Format: date-time
             * @description When; now unless given.
             */
            at?: string;
            /** @description Who calls, where `from` is a trunk. */
            caller?: string;
            /** @description The trunk that it comes by, or the user who calls. */
            from: string;
            /** @description Where who calls is; where he belongs unless given. */
            site?: string;
            /** @description By this configuration in place of the one that runs (administrators only, as its text). */
            text?: string;
            /** @description The number as it is dialled. */
            to: string;
        };
        /** @description A sentence beside it, in parts: for who shows it in another language. Absent: it stands for itself. */
        Said: {
            /** @description What its parameter `because` says. */
            because?: components["schemas"]["Said"];
            /** @description The sentence. */
            code: string;
            /** @description What stands in it. */
            parameters: {
                [key: string]: string | number;
            };
        };
        /** @description A sample call (`tests`) of which something else becomes. */
        SampleChange: {
            /** @description What is expected of it and is not so. */
            differences: string[];
            is?: string;
            name: string;
            /** @description What became of the call; absent: it could not be made. */
            was?: string;
        };
        SampleResult: {
            /** @description What is expected of it and is not so; empty: it is as expected. */
            differences: string[];
            from: string;
            name: string;
            outcome: components["schemas"]["RoutingOutcome"];
            to: string;
        };
        SampleResults: {
            samples: components["schemas"]["SampleResult"][];
        };
        /** @description Of somebody who signed in by a browser. */
        Session: {
            account: string;
            /** @description What his browser calls itself. */
            agent: string;
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            created: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            id: string;
            /** @enum {string} */
            method: "password" | "oidc";
            /**
             * Format: date-time
             * @description When it was used last, to the minute.
             */
            seen: string;
            /** @description The address that he signed in from. */
            source: string;
        };
        SignIn: {
            /** @description Nobody has an account yet: the program said where to make the first. */
            isNew: boolean;
            /** @description `oidc`: at /api/v1/oidc/sign-in. */
            methods: ("password" | "oidc")[];
        };
        /** @description Sources are kept out for a while, since they flood or guess; once in 10 s at most. */
        SourceBannedMessage: {
            data: {
                /** @description All that are kept out now. */
                count: number;
                /** @description Those that are new, at most 100. */
                sources: {
                    reason: string;
                    /** Format: date-time */
                    since: string;
                    /** @description An address, or a /64 of IPv6. */
                    source: string;
                }[];
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "source.banned";
        };
        Statistics: {
            /** @description Of a step: longer than asked for, where there are too many calls. */
            intervalSeconds: number;
            reasons: {
                calls: number;
                reason: string;
            }[];
            /** @description Steps with calls. */
            series: {
                /** @description How long answered ones lasted on average. */
                acdMs?: number;
                answered: number;
                /** @description Answered of all (ITU-T E.411), 0 to 1. */
                asr?: number;
                /** Format: date-time */
                at: string;
                calls: number;
                /** @description Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1. */
                ner?: number;
            }[];
            total: {
                /** @description How long answered ones lasted on average. */
                acdMs?: number;
                answered: number;
                /** @description Answered of all (ITU-T E.411), 0 to 1. */
                asr?: number;
                calls: number;
                /** @description Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1. */
                ner?: number;
                /** @description From the INVITE until it rang, to within a tenth: half of all rang within `p50`. */
                pddMs?: {
                    p50: number;
                    p90: number;
                    p99: number;
                };
                /** @description Those that rang; not known by reason. */
                rang?: number;
            };
            trunks: {
                /** @description How long answered ones lasted on average. */
                acdMs?: number;
                answered: number;
                /** @description Answered of all (ITU-T E.411), 0 to 1. */
                asr?: number;
                calls: number;
                /** @description Answered, or ended as a party chose, of all (ITU-T E.425), 0 to 1. */
                ner?: number;
                /** @enum {string} */
                part: "from" | "to";
                /** @description Or a user; `*` are others. */
                trunk: string;
            }[];
        };
        /** @description What was received from the caller (`a`) and the callee (`b`) on one stream. */
        StreamCounters: {
            a: {
                bytes: number;
                jitterMs?: number;
                /** @description Packets. */
                lost: number;
                packets: number;
                /** @description What this side said last by RTCP of what came to it; absent: it said nothing. */
                report?: {
                    /** @description Since its report before, 0 to 1. */
                    fractionLost: number;
                    jitterMs?: number;
                    /** @description Packets. */
                    lost: number;
                    /** @description Between it and us. */
                    roundTripMs?: number;
                    /** @description Measured by the device itself (RFC 3611 4.7); what it did not measure is absent. */
                    voip?: {
                        discardRate: number;
                        lossRate: number;
                        mosConversational?: number;
                        mosListening?: number;
                        rFactor?: number;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            b: {
                bytes: number;
                jitterMs?: number;
                /** @description Packets. */
                lost: number;
                packets: number;
                /** @description What this side said last by RTCP of what came to it; absent: it said nothing. */
                report?: {
                    /** @description Since its report before, 0 to 1. */
                    fractionLost: number;
                    jitterMs?: number;
                    /** @description Packets. */
                    lost: number;
                    /** @description Between it and us. */
                    roundTripMs?: number;
                    /** @description Measured by the device itself (RFC 3611 4.7); what it did not measure is absent. */
                    voip?: {
                        discardRate: number;
                        lossRate: number;
                        mosConversational?: number;
                        mosListening?: number;
                        rFactor?: number;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            /** @description Absent: it lasted less than two steps, is a fax, or is not measured. */
            course?: components["schemas"]["StreamCourse"];
            media: string;
            stream: number;
        } & {
            [key: string]: unknown;
        };
        /** @description How a stream went over time, a value a step, of what came from each side. */
        StreamCourse: {
            a: {
                /** @description Interarrival jitter (RFC 3550 A.8), the most of the step. null: not known of that step. */
                jitterMs: (number | null)[];
                /** @description That were expected and did not come. null: not known of that step. */
                lost: (number | null)[];
                /** @description That came. null: not known of that step. */
                packets: (number | null)[];
                /** @description What the peer says that it lost of what went to it, 0 to 1, the most of the step. null: not known of that step. */
                peerLoss: (number | null)[];
                /** @description Between us and the peer, as its RTCP tells, the most of the step. null: not known of that step. */
                roundTripMs: (number | null)[];
            };
            b: {
                /** @description Interarrival jitter (RFC 3550 A.8), the most of the step. null: not known of that step. */
                jitterMs: (number | null)[];
                /** @description That were expected and did not come. null: not known of that step. */
                lost: (number | null)[];
                /** @description That came. null: not known of that step. */
                packets: (number | null)[];
                /** @description What the peer says that it lost of what went to it, 0 to 1, the most of the step. null: not known of that step. */
                peerLoss: (number | null)[];
                /** @description Between us and the peer, as its RTCP tells, the most of the step. null: not known of that step. */
                roundTripMs: (number | null)[];
            };
            /**
             * Format: date-time
             * @description When the first step began.
             */
            startedAt: string;
            /** @description How long each step is; longer ones where there would be more than 120. */
            stepMs: number;
        };
        TestStep: {
            name: string;
            summary?: string;
            /** @description What can be done about it. */
            todo?: string[];
            /**
             * @description Absent: it goes on.
             * @enum {string}
             */
            verdict?: "passed" | "warning" | "failed" | "skipped";
        } & {
            [key: string]: unknown;
        };
        /** @description What a program proves itself by. */
        Token: {
            /** @description Whose it is: with it he may do what he may himself, and no more. */
            account: string;
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            created: string;
            /**
             * Format: date-time
             * @description RFC 3339.
             */
            expires: string;
            id: string;
            name: string;
            /**
             * @description `viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.
             * @enum {string}
             */
            role: "viewer" | "operator" | "administrator";
            /** @description The sites that he sees and changes; all where this is not given. */
            sites?: string[];
            /**
             * Format: date-time
             * @description When it was used last, to the minute.
             */
            used?: string;
            /** @description The address that it was used from. */
            usedFrom?: string;
        };
        /** @description Who is joined with whom. */
        Topology: {
            links: {
                bandwidth?: components["schemas"]["LinkBandwidth"];
                /** @description Two regions, or two sites. */
                between: string[];
            }[];
            sites: {
                /** @description Of its link to its region. */
                bandwidth?: components["schemas"]["LinkBandwidth"];
                /** @description Of a branch: the central site that serves it. */
                centre?: string;
                country?: string;
                /** @enum {string} */
                kind: "central" | "branch";
                name: string;
                region?: string;
            }[];
            trunks: {
                disabled: boolean;
                /** @enum {string} */
                kind: "itsp" | "pstn-gateway" | "ip-pbx";
                name: string;
                /** @enum {string} */
                side: "internal" | "external";
                site?: string;
            }[];
        };
        /** @description Where on the map things stand. */
        TopologyPositions: {
            /** @description By what it is: `site berlin`, `trunks inside`, `tandem`. What is not here is placed by itself. */
            places: {
                [key: string]: {
                    x: number;
                    y: number;
                };
            };
        };
        /** @description Where on the map things stand. */
        TopologyPositionsInput: {
            /** @description By what it is: `site berlin`, `trunks inside`, `tandem`. What is not here is placed by itself. */
            places: {
                [key: string]: {
                    x: number;
                    y: number;
                };
            };
        };
        TotpOffer: {
            /** @description Base32, for who cannot scan. */
            secret: string;
            /** @description `otpauth://…`: what the app scans as a QR code. */
            uri: string;
        };
        /** @description Something that is wrong now. */
        Trouble: {
            call?: string;
            /** @description The same as long as it lasts. */
            id: string;
            said?: components["schemas"]["Said"];
            /**
             * @description `critical`: calls are lost now, or will be within days; `warning`: some are, or will be; `notice`: worth knowing.
             * @enum {string}
             */
            severity: "critical" | "warning" | "notice";
            /** Format: date-time */
            since?: string;
            /** @description What to do, or where to look. */
            todo: string;
            trunk?: string;
            /** @description Its id. */
            webhook?: string;
            /** @description In a sentence. */
            what: string;
        };
        Troubles: {
            items: components["schemas"]["Trouble"][];
        };
        /** @description A trunk as it stands. */
        Trunk: {
            /** @description Calls now. */
            active: number;
            /** @description Why it is so, in words. */
            because: string;
            /** @description Of those that it uses the one that ends first. */
            certificate?: {
                daysLeft: number;
                files: string[];
                names: string[];
                /** Format: date-time */
                notAfter?: string;
            };
            /** Format: date-time */
            disabledUntil?: string;
            /** @description Calls that ended in the last hour: offered to it, and come from it. */
            hour: {
                from: components["schemas"]["Figures"];
                to: components["schemas"]["Figures"];
            };
            kind: string;
            /** @description The last try of a call over it that failed, since this process began. */
            lastFailure?: {
                /** Format: date-time */
                at: string;
                call: string;
                end: components["schemas"]["EndCause"];
                text: string;
            };
            /** @description Of calls at once. */
            limit?: number;
            name: string;
            /** @description What came of the last OPTIONS. */
            options?: {
                /** Format: date-time */
                at: string;
                detail?: string;
                result: string;
                roundTripMs?: number;
                /** @description What `detail` says. */
                said?: components["schemas"]["Said"];
                status?: number;
                target: string;
            };
            profile?: string;
            registration?: {
                addressOfRecord: string;
                /** Format: date-time */
                expiresAt?: string;
                lastError?: {
                    /** Format: date-time */
                    at: string;
                    said?: components["schemas"]["Said"];
                    text: string;
                };
                /** Format: date-time */
                nextAt?: string;
                /** @description Until the next REGISTER. */
                nextSeconds?: number;
                registrar: string;
                /** @description As whom the first hop saw us, where a NAT changed it. */
                seenAs?: string;
                /** Format: date-time */
                since: string;
                stage: string;
            };
            said?: components["schemas"]["Said"];
            side: string;
            /** Format: date-time */
            since?: string;
            site?: string;
            /**
             * @description `unknown`: nobody has told yet.
             * @enum {string}
             */
            state: "up" | "partly-down" | "down" | "unknown" | "disabled";
            /** @description Where its requests go. */
            targets: {
                because: string;
                roundTripMs?: number;
                said?: components["schemas"]["Said"];
                /** Format: date-time */
                since?: string;
                state: string;
                target: string;
            }[];
            transport: string;
        };
        /** @description No target of a trunk can be reached. */
        TrunkDownMessage: {
            data: {
                /** @description What made it that, for people. */
                because: string;
                /**
                 * @description What it was; absent: it was not known.
                 * @enum {string}
                 */
                before?: "up" | "partly-down" | "down";
                /** Format: date-time */
                since?: string;
                /** @description Where the trunk is. */
                site?: string;
                /**
                 * @description `partly-down`: calls go by what is left of its targets.
                 * @enum {string}
                 */
                state: "up" | "partly-down" | "down";
                trunk: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "trunk.down";
        };
        /** @description Some targets of a trunk cannot be reached. */
        TrunkPartlyDownMessage: {
            data: {
                /** @description What made it that, for people. */
                because: string;
                /**
                 * @description What it was; absent: it was not known.
                 * @enum {string}
                 */
                before?: "up" | "partly-down" | "down";
                /** Format: date-time */
                since?: string;
                /** @description Where the trunk is. */
                site?: string;
                /**
                 * @description `partly-down`: calls go by what is left of its targets.
                 * @enum {string}
                 */
                state: "up" | "partly-down" | "down";
                trunk: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "trunk.partly-down";
        };
        /** @description It is registered again. */
        TrunkRegisteredMessage: {
            data: {
                addressOfRecord: string;
                /** @description Of one that does not: what the registrar answered. */
                error?: string;
                /**
                 * Format: date-time
                 * @description Of one that holds.
                 */
                expires?: string;
                registrar: string;
                /** Format: date-time */
                since: string;
                /** @description Where the trunk is. */
                site?: string;
                trunk: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "trunk.registered";
        };
        Trunks: {
            items: components["schemas"]["Trunk"][];
        };
        /** @description A trunk walked from its configuration to a call. */
        TrunkTest: {
            by: string;
            /** @description No step has failed. Absent: it goes on. */
            ok?: boolean;
            running: boolean;
            /** Format: date-time */
            startedAt: string;
            steps: components["schemas"]["TestStep"][];
            /** @description Its id. */
            test: string;
            trunk: string;
            /** @description In a sentence, when it is over. */
            verdict?: string;
        };
        /** @description A trunk is not registered any more, or cannot be. */
        TrunkUnregisteredMessage: {
            data: {
                addressOfRecord: string;
                /** @description Of one that does not: what the registrar answered. */
                error?: string;
                /**
                 * Format: date-time
                 * @description Of one that holds.
                 */
                expires?: string;
                registrar: string;
                /** Format: date-time */
                since: string;
                /** @description Where the trunk is. */
                site?: string;
                trunk: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "trunk.unregistered";
        };
        /** @description All targets of a trunk can be reached again. */
        TrunkUpMessage: {
            data: {
                /** @description What made it that, for people. */
                because: string;
                /**
                 * @description What it was; absent: it was not known.
                 * @enum {string}
                 */
                before?: "up" | "partly-down" | "down";
                /** Format: date-time */
                since?: string;
                /** @description Where the trunk is. */
                site?: string;
                /**
                 * @description `partly-down`: calls go by what is left of its targets.
                 * @enum {string}
                 */
                state: "up" | "partly-down" | "down";
                trunk: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "trunk.up";
        };
        Version: {
            /** @description The version of Node. */
            node: string;
            version: string;
        };
        /** @description Somebody elsewhere who is told what happens. */
        Webhook: {
            ca?: string;
            /** Format: date-time */
            changed: string;
            /** Format: date-time */
            created: string;
            /** @description Messages that were dropped since too many waited. */
            dropped: number;
            enabled: boolean;
            /**
             * @description Why we disabled it: its receiver answered 410, or has taken nothing for three days.
             * @enum {string}
             */
            endedBy?: "gone" | "failing";
            /** @description Why the last one was not taken. */
            error?: string;
            events: string[];
            /** Format: date-time */
            failingSince?: string;
            id: string;
            name: string;
            /**
             * Format: date-time
             * @description Of one that is failing: when it is tried again.
             */
            next?: string;
            /**
             * Format: date-time
             * @description When the first of those happened.
             */
            oldest?: string;
            /**
             * Format: date-time
             * @description Until then each message is signed with the secret before as well.
             */
            oldSecretUntil?: string;
            sites?: string[];
            /**
             * @description `failing`: the last tries failed; `new`: nothing was sent yet.
             * @enum {string}
             */
            state: "good" | "failing" | "disabled" | "new";
            /**
             * Format: date-time
             * @description When one was taken last.
             */
            taken?: string;
            trunks?: string[];
            url: string;
            /** @description The ETag as well. */
            version: number;
            /** @description Messages that are yet to be taken, at most 10,000. */
            waiting: number;
        };
        WebhookDeliveries: {
            items: components["schemas"]["WebhookDelivery"][];
            next?: string;
        };
        /** @description A message to a webhook, and what became of it. */
        WebhookDelivery: {
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /**
             * Format: date-time
             * @description When it was taken, or given up.
             */
            ended?: string;
            event: string;
            id: string;
            /** @description The last try. */
            last?: {
                /** Format: date-time */
                at: string;
                /** @description Why it was not taken; absent: it was. */
                error?: string;
                /** @description How long it took, ms. */
                ms: number;
                /** @description Of the answer; absent: there was none. */
                status?: number;
            };
            /** @description `webhook-id`: the same each time. */
            message: string;
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            next?: string;
            /**
             * @description `failed`: tried for a day, or not wanted any more; `dropped`: too many waited.
             * @enum {string}
             */
            state: "waiting" | "taken" | "failed" | "dropped";
            tries: number;
        };
        WebhookDeliveryDetail: {
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description The last 50. */
            attempts: {
                /** @description How the answer began, where it was not taken. */
                answer?: string;
                /** Format: date-time */
                at: string;
                /** @description Why it was not taken; absent: it was. */
                error?: string;
                /** @description How long it took, ms. */
                ms: number;
                /** @description From 1 on. */
                number: number;
                /** @description Of the answer; absent: there was none. */
                status?: number;
            }[];
            /** @description What is posted, as it is signed. */
            body: string;
            /**
             * Format: date-time
             * @description When it was taken, or given up.
             */
            ended?: string;
            event: string;
            id: string;
            /** @description The last try. */
            last?: {
                /** Format: date-time */
                at: string;
                /** @description Why it was not taken; absent: it was. */
                error?: string;
                /** @description How long it took, ms. */
                ms: number;
                /** @description Of the answer; absent: there was none. */
                status?: number;
            };
            /** @description `webhook-id`: the same each time. */
            message: string;
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            next?: string;
            /**
             * @description `failed`: tried for a day, or not wanted any more; `dropped`: too many waited.
             * @enum {string}
             */
            state: "waiting" | "taken" | "failed" | "dropped";
            tries: number;
        };
        WebhookEvent: {
            /** @description Whether it is of a trunk or a site: what is not, is not told to who is told of some alone. */
            filtered: boolean;
            name: string;
            /** @description The JSON Schema of what is posted. */
            schema: {
                [key: string]: unknown;
            };
            /** @description When it happens. */
            what: string;
        };
        WebhookEvents: {
            items: components["schemas"]["WebhookEvent"][];
        };
        Webhooks: {
            items: components["schemas"]["Webhook"][];
        };
        WebhookSecret: {
            /** @description `whsec_…`, by which its receiver knows that it is us. It is told once. */
            secret: string;
            webhook: components["schemas"]["Webhook"];
        };
        /** @description Somebody wanted to see whether it arrives. Every webhook is told of it, wanted or not. */
        WebhookTestMessage: {
            data: {
                /** @description Who wanted to. */
                by: string;
            };
            /** @description Of several nodes the one that tells. */
            node?: string;
            /** @description What happened, in a sentence for people. */
            text: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "webhook.test";
        };
        /** @description All about one call: as it stands, or its record. */
        WholeCall: {
            /** @description While it stands. */
            live?: {
                /** @description Tries that have ended, as records have them, times in Unix ms. */
                attempts: {
                    [key: string]: unknown;
                }[];
                call: components["schemas"]["Call"];
                /** @description Every rule tried until now. */
                decisions: components["schemas"]["Decision"][];
                /** @description What was received on each stream until now; absent: not measured. */
                media?: components["schemas"]["StreamCounters"][];
            };
            /** @description When it has ended. */
            record?: components["schemas"]["CallRecord"];
            /** @description What those at its ends told of its voice until now; some of it comes after the end. */
            reports?: components["schemas"]["QualityReport"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
