"""A Slack workspace on this machine: the Web API, signed events, Socket Mode, interactivity, and a page to use it in
a browser.

People try the bot in it (`flywheel demo`), and the tests drive the real Slack client libraries against it. The
page and the tests act through the same control API. Nothing here knows the product.

    workspace, channel, people     who and what is there
    posting, viewstack, sessions   what happens to messages, modals and agent statuses
    webapi/                        what the app may ask
    events, interactivity          what the app is told
    server                         where to begin: `create_app` and `running`
"""
